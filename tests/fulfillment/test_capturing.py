"""Lots and serial numbers go into boxes as they are in hand; what must not leave stays out."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from fulfillment import services
from fulfillment.errors import TooManyUnits
from fulfillment.errors_packing import (
    CaseScanned,
    LotNeeded,
    LotNotForSale,
    NotInPackage,
    SerialPacked,
    UnknownCode,
    WrongLot,
)
from fulfillment.models import PackedLot, Shipment
from fulfillment.services import Counted, Packed
from inventory import services as inventory
from inventory.models import Lot, Quant
from oms.catalog.models import Sku
from oms.core import books
from oms.core.actors import SYSTEM
from tests.concurrency.racing import race
from tests.fulfillment.steps import KIM, only_work_of, picked, status_of, units_of

TODAY = timezone.localdate


def arrive(world, sku, *lots, units=1, at="rotterdam", expires_on=None):
    """Units that came, of each of these lots."""
    inventory.receive(
        arrivals=[
            inventory.Arrival(
                world.sku(sku), world.location(at), units, lot=lot, expires_on=expires_on
            )
            for lot in lots
        ],
        reference="opening",
        by=SYSTEM,
        at=timezone.now(),
    )


def scan(work, code, unit=""):
    return services.scan_unit(number=work.number, code=code, unit=unit, by=KIM, at=timezone.now())


def undo(work, code):
    return services.undo_scan(number=work.number, code=code, by=KIM, at=timezone.now())


def pack(work, *packages):
    return services.pack(number=work.number, packages=packages, by=KIM, at=timezone.now())


def ship(work):
    return services.ship(number=work.number, by=KIM, at=timezone.now())


def inside():
    """What is captured, in the order in which it was packed."""
    return list(PackedLot.objects.order_by("pk").values_list("code", "quantity"))


def books_are_right():
    assert books.verify() == []


@pytest.fixture
def phones(world):
    """Two of the three phones of Rotterdam are picked: SN-1 and SN-2."""
    world.sku("phone", tracking=Sku.Tracking.SERIAL)
    arrive(world, "phone", "SN-1", "SN-2", "SN-3")
    work = only_work_of(world.place(phone=2))
    picked(work)
    return work


def test_a_barcode_of_a_tracked_unit_asks_which_one_it_is(phones):
    with pytest.raises(LotNeeded) as asked:
        scan(phones, "bc-phone")
    assert str(asked.value) == "Phone: now scan its serial number."
    assert (asked.value.sku, inside()) == ("phone", [])

    scan(phones, "SN-1", unit="phone")
    scan(phones, "SN-2")

    assert inside() == [("SN-1", 1), ("SN-2", 1)]
    assert units_of(phones) == {"phone": (2, 2, 2, 0)}


def test_a_gs1_label_says_item_and_lot_at_once_and_of_a_case_how_many(world):
    world.sku("honey", tracking=Sku.Tracking.LOT, barcode="9506000134352")
    arrive(world, "honey", "L1", units=20)
    work = only_work_of(world.place(honey=14))
    unit, case = "(01)09506000134352(10)L1", "]C102095060001343523712\x1d10L1"
    for _nth in range(2):
        services.pick_one(number=work.number, code=unit, by=KIM, at=timezone.now())
    services.pick_one(number=work.number, code=case, by=KIM, at=timezone.now())
    assert status_of(work) == "picked"

    scan(work, case)
    scan(work, unit)
    with pytest.raises(TooManyUnits):
        scan(work, case)
    with pytest.raises(CaseScanned) as closed:
        scan(work, "19506000134359")

    assert closed.value.item == "Honey"
    assert inside() == [("L1", 13)]
    undo(work, case)
    assert inside() == [("L1", 1)]
    with pytest.raises(NotInPackage):
        undo(work, case)
    assert units_of(work) == {"honey": (14, 14, 1, 0)}
    books_are_right()


def test_one_serial_number_is_packed_once(phones):
    scan(phones, "SN-1")

    with pytest.raises(WrongLot):
        scan(phones, "SN-1")

    assert inside() == [("SN-1", 1)]
    assert units_of(phones) == {"phone": (2, 2, 1, 0)}


def test_the_unit_in_hand_counts_where_the_books_chose_another_that_lies_free(phones):
    scan(phones, "SN-3")

    at = dict(Quant.objects.values_list("lot", "state"))
    assert sorted(at.values()) == ["available", "picked", "picked"]
    assert at["SN-3"] == "picked"
    assert inside() == [("SN-3", 1)]
    books_are_right()
    pack(phones)
    assert len(inside()) == 2


def test_a_serial_number_of_somebody_elses_unit_stays_out(world, phones):
    other = only_work_of(world.place(phone=1))
    picked(other)

    with pytest.raises(WrongLot) as refusal:
        scan(phones, "SN-3")

    assert refusal.value.picked == ["SN-1", "SN-2"]
    assert inside() == []
    with pytest.raises(UnknownCode):
        scan(phones, "SN-9")


def test_a_serial_number_that_nobody_knew_is_captured_once_in_all_work(world):
    world.stock("phone", rotterdam=4)
    Sku.objects.update(tracking=Sku.Tracking.SERIAL)
    first, second = (only_work_of(world.place(phone=1)) for _ in range(2))
    for work in (first, second):
        picked(work)

    scan(first, "SN-1", unit="phone")
    with pytest.raises(SerialPacked) as refusal:
        scan(second, "SN-1", unit="phone")
    assert refusal.value.where == first.number
    assert units_of(second) == {"phone": (1, 1, 0, 0)}

    pack(first)
    shipment = ship(first)
    with pytest.raises(SerialPacked) as refusal:
        pack(second, Packed(lines=[Counted("phone", 1, lot="SN-1")]))
    assert refusal.value.where == shipment.number
    assert status_of(second) == "picked"


def test_the_database_has_the_last_word_on_serial_numbers(phones):
    scan(phones, "SN-1")
    [row] = PackedLot.objects.all()

    with pytest.raises(IntegrityError), transaction.atomic():
        PackedLot.objects.create(
            package_line=row.package_line, sku=row.sku, code="SN-1", is_serial=True
        )


def test_a_unit_that_came_back_is_packed_once_more(world, phones):
    pack(phones)
    ship(phones)
    arrive(world, "phone", "SN-1")
    again = only_work_of(world.place(phone=2))
    picked(again)

    pack(again, Packed(lines=[Counted("phone", 1, lot="SN-1"), Counted("phone", 1, lot="SN-3")]))

    assert sorted(PackedLot.objects.filter(is_out=True).values_list("code", flat=True)) == [
        "SN-1",
        "SN-2",
        "SN-3",
    ]
    assert PackedLot.objects.filter(code="SN-1").count() == 2


@pytest.mark.parametrize("why", ["expired", "blocked"])
def test_what_must_not_be_sold_any_more_stays_out(world, why):
    world.sku("milk", tracking=Sku.Tracking.LOT)
    arrive(world, "milk", "OLD", units=2, expires_on=TODAY() + timedelta(days=9))
    work = only_work_of(world.place(milk=1))
    picked(work)
    if why == "expired":
        Lot.objects.update(expires_on=TODAY() - timedelta(days=2))
    else:
        inventory.block_lot(sku="milk", lot="OLD", reason="Recall", by=KIM, at=timezone.now())

    for refused in (lambda: scan(work, "OLD"), lambda: pack(work)):
        with pytest.raises(LotNotForSale) as refusal:
            refused()
        assert refusal.value.why == why

    assert inside() == []
    assert status_of(work) == "picked"


def test_units_of_several_lots_are_counted_by_lot(world):
    world.sku("milk", tracking=Sku.Tracking.LOT)
    arrive(world, "milk", "A", "B", units=2)
    work = only_work_of(world.place(milk=3))
    picked(work)

    scan(work, "A")
    scan(work, "A")
    scan(work, "B", unit="milk")
    assert inside() == [("A", 2), ("B", 1)]
    undo(work, "A")
    assert inside() == [("A", 1), ("B", 1)]
    undo(work, "bc-milk")
    assert inside() == [("A", 1)]

    pack(work)

    assert sorted(inside()) == [("A", 1), ("A", 1), ("B", 1)]


def test_unpacking_and_rejecting_forget_what_was_captured(phones):
    pack(phones)
    services.unpack(number=phones.number, by=KIM, at=timezone.now())
    assert inside() == []
    scan(phones, "SN-2")

    services.reject(number=phones.number, reason="closed", by=KIM, at=timezone.now())

    assert inside() == []
    assert dict(Quant.objects.values_list("lot", "state")) == dict.fromkeys(
        ("SN-1", "SN-2", "SN-3"), "available"
    )


def test_a_partner_names_serial_numbers_and_reads_them_again(world, phones):
    partner = world.api(user=world.user("lee", role="warehouse", at=["rotterdam"]))
    url = f"/api/v1/fulfillment-orders/{phones.number}/"
    lines = [{"sku": "phone", "quantity": 1, "lot": serial} for serial in ("SN-3", "SN-1")]

    twice = {"packages": [{"lines": [lines[0], lines[0]]}]}
    answer = partner.post(f"{url}pack/", twice, format="json")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/wrong_lot")
    answer = partner.post(f"{url}pack/", {"packages": [{"lines": lines}]}, format="json")

    [package] = answer.json()["packages"]
    assert package["lines"] == [
        {
            "sku": "phone",
            "quantity": 2,
            "lots": [{"lot": "SN-3", "quantity": 1}, {"lot": "SN-1", "quantity": 1}],
        }
    ]
    ship(phones)
    [parcel] = partner.get("/api/v1/shipments/").json()["results"]
    assert parcel["packages"][0]["lines"] == package["lines"]


def test_the_station_asks_for_the_serial_number_and_shows_it(world, phones):
    kim = world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))
    url = f"/fulfillment/{phones.number}/pack/scan/"

    page = kim.post(url, {"code": "bc-phone"}).content.decode()
    assert 'data-verdict="wait"' in page
    assert "Phone: now scan its serial number." in page
    assert '<input type="hidden" name="unit" value="phone">' in page
    page = kim.post(url, {"code": "SN-1", "unit": "phone"}).content.decode()
    assert 'data-verdict="done"' in page
    assert 'name="undo" value="SN-1"' in page
    page = kim.post(url, {"code": "SN-1"}).content.decode()
    assert 'data-verdict="stop"' in page
    kim.post(url, {"code": "UNDO", "last": "SN-1"})
    assert inside() == []
    pack(phones)
    shipment = ship(phones)

    for shown in (f"/fulfillment/{phones.number}/", f"/fulfillment/shipments/{shipment.number}/"):
        assert "SN-2" in kim.get(shown).content.decode()
    found = kim.get("/find/?q=SN-2").content.decode()
    assert shipment.number in found
    assert Shipment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_packers_who_scan_the_same_new_serial_number_do_not_both_get_it(world):
    world.stock("phone", rotterdam=4)
    Sku.objects.update(tracking=Sku.Tracking.SERIAL)
    works = [only_work_of(world.place(phone=1)) for _ in range(2)]
    for work in works:
        picked(work)

    def packing(work):
        return lambda: scan(work, "SN-1", unit="phone").code

    assert sorted(race([packing(work) for work in works])) == ["SN-1", "SerialPacked"]
    assert inside() == [("SN-1", 1)]
