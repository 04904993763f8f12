"""Real stock by bin and real purchase receipts: the books say what the files say.

A part of AdventureWorks stands here with its notice; `ADVENTUREWORKS=FOLDER` tries another.
"""

import os
from pathlib import Path

import pytest
from django.db.models import Sum

from inventory.models import Quant, ReplenishmentOrder, Supplier
from inventory.selectors import scorecard
from oms.core import books
from tests.flows.adventureworks import AdventureWorks
from tests.flows.northwind import written
from tests.importing import Files

FOLDER = Path(__file__).parent / "data" / "adventureworks"
OTHER = os.environ.get("ADVENTUREWORKS", "")


@pytest.fixture(
    params=[
        FOLDER,
        pytest.param(
            Path(OTHER),
            marks=pytest.mark.skipif(not OTHER, reason="ADVENTUREWORKS names no folder"),
        ),
    ],
    ids=["part", "whole"],
)
def works(request):
    return AdventureWorks(request.param)


def test_stock_by_bin_receipts_and_what_is_low_are_as_the_files_say(world, works, tmp_path):
    files = Files(tmp_path)
    told = {kind: files.bring_in(kind, written(rows)) for kind, rows in works.files().items()}
    assert [kind for kind, each in told.items() if " 0 bad" not in each] == []

    lying = Quant.objects.values_list("level__sku__code", "bin").annotate(there=Sum("quantity"))
    assert {(sku, place): units for sku, place, units in lying} == works.stock()

    assert ReplenishmentOrder.objects.count() == len(works.orders)
    scores = {each.code: scorecard(each) for each in Supplier.objects.all()}
    assert {
        code: (score.orders, score.accepted, score.rejected)
        for code, score in scores.items()
        if score.orders
    } == works.receipts()

    key = world.api(user=world.user("ada", role="operations"), scopes=["reports"])
    low = key.get("/api/v1/reports/low-stock/", {"by": "sku"}).json()["results"]
    assert {row["key"]: row["on_hand"] for row in low} == works.low()
    assert books.verify() == []

    again = files.bring_in("replenishment_orders", written(works.files()["replenishment_orders"]))
    assert f"{len(works.orders)} unchanged." in again
