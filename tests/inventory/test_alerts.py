"""Low stock: at the reorder point, or gone before a delivery could be here."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from inventory.alerts import LOW_STOCK, find_low_stock
from inventory.models import Location, StockLevel, Supplier, SupplierSku
from inventory.reports import location_codes, shipped_by_week, stock_cover
from inventory.rules.cover import days_of_cover
from oms.alerts.models import Alert
from oms.alerts.services import sweep
from oms.alerts.states import Severity
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord

THRESHOLDS = LOW_STOCK.values({})


def reorder(sku, point, location="rotterdam"):
    levels = StockLevel.objects.filter(sku__code=sku, location__code=location)
    levels.update(reorder_point=point)


def sell(world, units, **fields):
    """Ship an order of so many units of tea, now."""
    order = world.place(tea=units, paid=True)
    [work] = world.works(order)
    fulfillment.dispatch(number=work.number, carrier="Own van", by=SYSTEM, at=timezone.now())


def found(at=None):
    return {each.subject: each for each in find_low_stock(at or timezone.now(), THRESHOLDS)}


def test_what_is_at_its_reorder_point_is_low_and_what_is_above_is_not(world):
    world.stock("tea", rotterdam=5, leipzig=6)
    for place in ("rotterdam", "leipzig"):
        reorder("tea", 5, place)

    [low] = found().values()

    assert (low.subject, low.location, low.severity) == (
        "tea@rotterdam",
        "rotterdam",
        Severity.SOON,
    )
    assert low.evidence["available"] == low.evidence["reorder_point"] == 5
    assert low.evidence["cover_days"] is None
    told = LOW_STOCK.tell(low.evidence, THRESHOLDS)
    assert (told.title, told.summary) == ("Tea is low in Rotterdam", "5 available, reorder at 5")


def test_units_that_are_spoken_for_are_not_free(world):
    world.stock("tea", rotterdam=8)
    reorder("tea", 5)
    assert found() == {}

    world.place(tea=8)

    low = found()["tea@rotterdam"]
    assert (low.evidence["available"], low.severity) == (0, Severity.NOW)


def test_what_sells_faster_than_the_supplier_delivers_is_low_without_a_reorder_point(world):
    world.stock("tea", rotterdam=40)
    sell(world, 28)
    supplier = Supplier.objects.create(code="ACME", name="Acme", lead_time_days=9)
    supply = SupplierSku.objects.create(
        supplier=supplier, sku=world.sku("tea"), is_preferred=True, lead_time_days=13
    )

    low = found()["tea@rotterdam"]

    assert (low.evidence["sold"], low.evidence["cover_days"]) == (28, "12.0")
    assert (low.evidence["lead_time_days"], low.evidence["supplier"]) == (13, "Acme")
    assert "12 days of cover, supplier takes 13" in LOW_STOCK.tell(low.evidence, THRESHOLDS).summary

    SupplierSku.objects.filter(pk=supply.pk).update(lead_time_days=None)  # the supplier's: nine
    assert found() == {}


def test_a_few_units_are_no_pace(world):
    world.stock("tea", rotterdam=3)
    sell(world, 2)
    supplier = Supplier.objects.create(code="ACME", name="Acme", lead_time_days=30)
    SupplierSku.objects.create(supplier=supplier, sku=world.sku("tea"), is_preferred=True)

    assert found() == {}


def test_a_location_that_is_closed_or_a_suppliers_is_left_alone(world):
    world.stock("tea", rotterdam=1, leipzig=1)
    for place in ("rotterdam", "leipzig"):
        reorder("tea", 5, place)
    Location.objects.filter(code="rotterdam").update(is_active=False)
    Location.objects.filter(code="leipzig").update(kind="supplier")

    assert found() == {}


def test_evidence_shows_what_left_by_week(world):
    world.stock("tea", rotterdam=9)
    sell(world, 4)
    now = timezone.now()

    weeks = shipped_by_week(skus=["tea"], at=now, weeks=3)["tea", "rotterdam"]

    assert [units for _day, units in weeks] == [0, 0, 4]
    assert weeks[-1][0] <= now.date() < weeks[-1][0] + timedelta(days=7)


def test_stock_that_is_found_low_is_a_fact_once(world):
    world.stock("tea", rotterdam=2)
    reorder("tea", 5)

    for _ in range(2):
        sweep(kind="low_stock", by=SYSTEM, at=timezone.now())

    [fact] = EventRecord.objects.filter(name="stock.low")
    assert (fact.thread, fact.payload["location"], fact.payload["available"]) == (
        "tea",
        "rotterdam",
        2,
    )

    world.stock("tea", rotterdam=9)
    sweep(kind="low_stock", by=SYSTEM, at=timezone.now())
    assert Alert.objects.get().status == "cleared"


def test_a_look_costs_the_same_for_one_level_and_for_three(world, django_assert_num_queries):
    for n, sku in enumerate(("tea", "cup", "pot"), start=1):
        world.stock(sku, rotterdam=1)
        reorder(sku, 5)
        if n in {1, 3}:
            with django_assert_num_queries(3):
                assert len(find_low_stock(timezone.now(), THRESHOLDS)) == n


def test_levels_can_be_asked_for_by_location(world):
    world.stock("tea", rotterdam=1, leipzig=1)
    for place in ("rotterdam", "leipzig"):
        reorder("tea", 5, place)
    leipzig = world.location("leipzig").pk

    rows = stock_cover(at=timezone.now(), location_ids=[leipzig])

    assert [row.location for row in rows] == location_codes([leipzig]) == ["leipzig"]


@pytest.mark.parametrize(
    ("units", "sold", "days"), [(12, 28, "12.0"), (0, 3, "0.0"), (-2, 3, "0.0"), (5, 0, None)]
)
def test_cover_is_what_is_there_at_the_pace_of_the_window(units, sold, days):
    cover = days_of_cover(units, sold, 28)
    assert (None if cover is None else str(cover)) == days
