"""What a channel calls our SKUs, as a file: kept, and given to the lines that wait for it."""

from io import BytesIO

import pytest
from django.utils import timezone

from oms.channels.models import ChannelSku
from oms.core import imports
from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders import services
from orders.imports_skus import ChannelSkus
from orders.models import Hold, OrderLine
from tests.orders.following.telling import Told, item, parts

pytestmark = pytest.mark.django_db


def bring_in(text, *, dry_run=False):
    context = imports.Context(channel="shopify", by=SYSTEM, at=timezone.now())
    file = BytesIO(("listing,code,sku\n" + text).encode())
    return imports.run(ChannelSkus(), file, context, dry_run=dry_run, skip_bad_rows=False)


@pytest.fixture
def tell(world):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)
    return Told(world)


def kept():
    rows = ChannelSku.objects.order_by("listing", "code")
    return list(rows.values_list("listing", "code", "sku__code"))


def test_names_are_kept_and_brought_in_again_they_are_unchanged(tell):
    text = ",T-1,tea\n17,,cup\n"

    assert dict(bring_in(text).counts) == {"added": 2}
    assert dict(bring_in(text).counts) == {"unchanged": 2}
    assert dict(bring_in(",T-1,cup\n").counts) == {"changed": 1}
    assert kept() == [("", "T-1", "cup"), ("17", "", "cup")]


def test_lines_that_wait_are_matched_and_their_orders_go_on(tell):
    tell(parts(item("T-1", 2), item("C-9", 1, key="2", listing="17")))
    assert OrderLine.objects.filter(sku__isnull=True).count() == 2

    bring_in(",T-1,tea\n17,,cup\n")
    services.release_matched(most=9, by=SYSTEM)

    rows = OrderLine.objects.order_by("position").values_list("sku_code", "allocated")
    assert list(rows) == [("tea", 2), ("cup", 1)]
    assert not Hold.objects.filter(released_at__isnull=True).exists()
    assert verify() == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("17,T-1,tea\n", "a row names a listing or a code, one of both"),
        (",,tea\n", "a row names a listing or a code, one of both"),
        (",T-1,tea\n,T-1,cup\n", "T-1 stands twice"),
        (",T-1,nothing\n", "There is no SKU nothing"),
    ],
)
def test_a_row_that_does_not_fit_keeps_the_file_out(tell, text, reason):
    report = bring_in(text)

    assert [each.reason for each in report.bad] == [reason]
    assert not report.written
    assert kept() == []
