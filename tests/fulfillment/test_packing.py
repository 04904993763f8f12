import pytest
from django.utils import timezone

from fulfillment import services
from fulfillment.errors import OnHold, TooManyUnits
from fulfillment.errors_packing import (
    ExtraUnit,
    LeftToPack,
    NotInPackage,
    PackageIsEmpty,
    UnknownCode,
    WrongItem,
)
from fulfillment.models import Package, PackageLine
from fulfillment.services import Counted, Packed
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from orders import services as orders
from orders.errors import TooManyToCancel
from tests.fulfillment.steps import (
    KIM,
    counters,
    only_work_of,
    packed,
    picked,
    status_of,
    units_of,
)


@pytest.fixture
def order(world):
    world.stock("tea", rotterdam=9)
    world.stock("cup", rotterdam=9)
    return world.place(tea=2, cup=1)


@pytest.fixture
def work(order):
    work = only_work_of(order)
    picked(work)
    return work


def scan(work, code):
    return services.scan_unit(number=work.number, code=code, by=KIM, at=timezone.now())


def close(work, **box):
    return services.close_package(number=work.number, by=KIM, at=timezone.now(), **box)


def pack(work, *packages):
    return services.pack(number=work.number, packages=packages, by=KIM, at=timezone.now())


def contents(work):
    """What is in each package, by its number and SKU."""
    rows = PackageLine.objects.filter(package__fulfillment_order=work).select_related(
        "line__sku", "package"
    )
    return {(row.package.nth, row.line.sku.code): row.quantity for row in rows}


def test_with_no_packages_named_everything_goes_into_one_box(order, work):
    pack(work)

    assert status_of(work) == "packed"
    assert contents(work) == {(1, "tea"): 2, (1, "cup"): 1}
    assert Package.objects.get().is_closed
    assert counters(order)["tea"] == {"allocated": 2, "picked": 2, "packed": 2}
    fact = EventRecord.objects.get(name="fulfillment_order.packed")
    assert (fact.payload["units"], fact.payload["packages"]) == (3, 1)


def test_boxes_keep_their_weight_and_what_is_in_them(work):
    pack(
        work,
        Packed(box="M", weight_g=900, lines=[Counted("tea", 2)]),
        Packed(box="tube", lines=[Counted("cup", 1)]),
    )

    assert contents(work) == {(1, "tea"): 2, (2, "cup"): 1}
    boxes = Package.objects.order_by("nth").values_list("box", "weight_g")
    assert list(boxes) == [("M", 900), ("tube", None)]


def test_packing_less_than_was_picked_is_refused_and_leaves_no_box(work):
    with pytest.raises(LeftToPack) as refusal:
        pack(work, Packed(lines=[Counted("tea", 2)]))

    assert refusal.value.left == {"cup": 1}
    assert status_of(work) == "picked"
    assert not Package.objects.exists()
    assert units_of(work)["tea"] == (2, 2, 0, 0)


def test_packing_more_than_was_picked_is_refused(work):
    with pytest.raises(TooManyUnits):
        pack(work, Packed(lines=[Counted("tea", 2)]), Packed(lines=[Counted("tea", 1)]))

    assert not Package.objects.exists()


def test_packing_before_picking_is_refused(order):
    with pytest.raises(TransitionNotAllowed):
        pack(only_work_of(order))


def test_an_address_hold_stops_the_packing(order, work):
    orders.hold_order(number=order.number, kind="address", reason="", by=KIM)

    with pytest.raises(OnHold):
        scan(work, "bc-tea")
    with pytest.raises(OnHold):
        pack(work)

    assert not Package.objects.exists()


def test_scanned_units_go_into_the_open_package(order, work):
    scan(work, "bc-tea")
    scan(work, "cup")

    assert contents(work) == {(1, "tea"): 1, (1, "cup"): 1}
    assert status_of(work) == "picked"
    assert units_of(work)["tea"] == (2, 2, 1, 0)
    assert counters(order)["tea"] == {"allocated": 2, "picked": 2, "packed": 1}


def test_closing_the_last_package_ends_the_packing(work):
    for code in ("tea", "cup"):
        scan(work, code)
    close(work, box="S", weight_g=210)
    assert status_of(work) == "picked"
    scan(work, "tea")

    close(work, box="S")

    assert status_of(work) == "packed"
    assert contents(work) == {(1, "tea"): 1, (1, "cup"): 1, (2, "tea"): 1}
    assert EventRecord.objects.get(name="fulfillment_order.packed").payload["packages"] == 2


@pytest.mark.parametrize(
    ("code", "refusal"), [("bc-cup", ExtraUnit), ("bc-pot", WrongItem), ("4711", UnknownCode)]
)
def test_a_wrong_or_extra_unit_stays_out(world, work, code, refusal):
    world.sku("pot")
    scan(work, "cup")

    with pytest.raises(refusal):
        scan(work, code)

    assert contents(work) == {(1, "cup"): 1}
    assert units_of(work)["cup"] == (1, 1, 1, 0)


def test_a_scan_is_undone_unit_by_unit(order, work):
    scan(work, "tea")
    scan(work, "tea")

    services.undo_scan(number=work.number, code="bc-tea", by=KIM, at=timezone.now())
    assert contents(work) == {(1, "tea"): 1}
    services.undo_scan(number=work.number, code="tea", by=KIM, at=timezone.now())

    assert not Package.objects.exists()
    assert counters(order)["tea"] == {"allocated": 2, "picked": 2}
    with pytest.raises(NotInPackage):
        services.undo_scan(number=work.number, code="tea", by=KIM, at=timezone.now())


def test_an_empty_package_cannot_be_closed(work):
    with pytest.raises(PackageIsEmpty):
        close(work, box="S")


def test_the_rest_is_packed_at_once_after_some_scans(work):
    scan(work, "tea")

    pack(work)

    assert status_of(work) == "packed"
    assert contents(work) == {(1, "tea"): 1, (2, "tea"): 1, (2, "cup"): 1}
    assert not Package.objects.filter(is_closed=False).exists()


def test_units_in_a_box_cannot_be_cancelled_but_the_others_can(order, work):
    scan(work, "tea")
    line = order.lines.get(sku_code="tea")

    with pytest.raises(TooManyToCancel):
        orders.cancel_order(number=order.number, reason="", by=KIM, units={line.pk: 2})
    orders.cancel_order(number=order.number, reason="", by=KIM, units={line.pk: 1})

    assert units_of(work)["tea"] == (1, 1, 1, 0)


def test_unpacking_takes_everything_out_of_its_boxes(order, work):
    pack(work)

    services.unpack(number=work.number, by=KIM, at=timezone.now())

    assert status_of(work) == "picked"
    assert not Package.objects.exists()
    assert units_of(work)["tea"] == (2, 2, 0, 0)
    assert counters(order)["tea"] == {"allocated": 2, "picked": 2}


def test_shipped_work_cannot_be_unpacked(world):
    world.stock("pot", rotterdam=1)
    work = only_work_of(world.place(pot=1))
    packed(work)
    services.ship(number=work.number, by=KIM, at=timezone.now())

    with pytest.raises(TransitionNotAllowed):
        services.unpack(number=work.number, by=KIM, at=timezone.now())
