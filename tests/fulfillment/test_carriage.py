"""Which service takes the parcel: chosen, kept with its reasons, overridden, refused."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fulfillment import selectors, services
from fulfillment.errors import (
    NoServiceTakesIt,
    RateNotFound,
    ServiceNotFound,
    ServiceSwitchedOff,
    TrackingNumberTaken,
    UnknownService,
)
from fulfillment.models import CarriageRevision, CarrierService, Rate, Shipment, Zone
from fulfillment.selectors import forget_rates, rate_book
from fulfillment.services import Counted, Packed, Reach
from oms.channels.selectors import allowed_services
from oms.core.models import EventRecord
from tests.fulfillment.rates import EVERY_DAY, rate, service, two_services
from tests.fulfillment.steps import KIM, only_work_of, packed, shipped, status_of, work_of


def ship(work, **named):
    return services.ship(number=work.number, by=KIM, at=timezone.now(), **named)


def packed_work(world, units=1, packages=(), **fields):
    world.stock("tea", rotterdam=99)
    work = only_work_of(world.place(tea=units, fields=fields))
    packed(work, packages)
    return work


def refused(work, error, **named):
    with pytest.raises(error) as refusal:
        ship(work, **named)
    assert status_of(work) == "packed"
    assert not Shipment.objects.exists()
    return refusal.value


def test_a_fresh_installation_ships_with_what_is_built_in_and_knows_no_freight(world):
    shipment = ship(packed_work(world))

    assert (shipment.carrier, shipment.service) == ("", "standard")
    assert (shipment.freight_amount, shipment.freight_currency) == (None, "")
    assert {each["amount"] for each in shipment.choice["candidates"]} == {None}
    assert not Rate.objects.exists()


def test_the_cheapest_in_time_takes_it_and_its_freight_is_kept(world):
    two_services()

    shipment = Shipment.objects.get(pk=ship(packed_work(world)).pk)

    assert (shipment.carrier, shipment.service) == ("PostNL", "parcel")
    assert (shipment.freight_amount, shipment.freight_currency) == (Decimal("5.000"), "EUR")
    rotterdam = ZoneInfo("Europe/Amsterdam")
    assert shipment.expected_on == shipment.shipped_at.astimezone(rotterdam).date() + timedelta(3)
    assert shipment.choice == {
        "reason": "PostNL parcel is the cheapest; no day was promised.",
        "suggested": "parcel",
        "chosen": "parcel",
        "late": False,
        "overridden": False,
        "why": "",
        "candidates": [
            {
                "service": "parcel",
                "name": "PostNL parcel",
                "amount": "5.00",
                "currency": "EUR",
                "arrives_on": str(shipment.expected_on),
                "keeps": True,
                "outcome": "The cheapest in time",
                "possible": True,
            },
            {
                "service": "express",
                "name": "DHL express",
                "amount": "15.00",
                "currency": "EUR",
                "arrives_on": str(shipment.expected_on - timedelta(days=2)),
                "keeps": True,
                "outcome": "10.00 EUR more",
                "possible": True,
            },
        ],
    }


def test_a_promise_or_a_wish_takes_the_quicker_one(world):
    two_services()
    soon = (timezone.now() + timedelta(days=2)).isoformat()

    promised = ship(packed_work(world, promise={"deliver_by": soon}))
    wished = ship(packed_work(world, shipping={"method": "express"}))

    assert (promised.service, wished.service) == ("express", "express")


def test_a_promise_that_nobody_keeps_any_more_takes_the_quickest_and_is_marked_late(world):
    two_services()
    gone = (timezone.now() - timedelta(days=1)).isoformat()

    shipment = ship(packed_work(world, promise={"deliver_by": gone}))

    assert shipment.service == "express"
    assert shipment.choice["late"] is True
    assert shipment.choice["reason"] == (
        "Nothing keeps the promise any more: DHL express is the quickest."
    )


def test_the_scale_counts_else_what_the_units_and_the_box_weigh(world):
    two_services()
    services.keep_box(
        code="M",
        length_mm=350,
        width_mm=250,
        height_mm=150,
        weight_g=150,
        by=KIM,
        at=timezone.now(),
    )
    heavy = packed_work(world, packages=[Packed(box="M", weight_g=2001)])
    on_the_break = packed_work(world, packages=[Packed(box="M", weight_g=2000)])
    by_units = packed_work(world, units=19, packages=[Packed(box="M")])

    assert [ship(each).freight_amount for each in (heavy, on_the_break, by_units)] == [
        Decimal("9.00"),
        Decimal("5.00"),
        Decimal("9.00"),  # 1,900 g of tea and 150 g of box
    ]


def test_several_packages_are_several_rates(world):
    two_services()
    two = [Packed(weight_g=500, lines=[Counted("tea", 1)]), Packed(weight_g=2500)]

    assert ship(packed_work(world, units=3, packages=two)).freight_amount == Decimal("14.00")


def test_a_service_is_named_by_code_name_or_method_and_a_carrier_by_its_name(world):
    two_services()

    by_code = ship(packed_work(world), service="EXPRESS")
    by_carrier = ship(packed_work(world), carrier="dhl")
    by_method = ship(packed_work(world), service="standard", reason="As asked")

    assert [(each.service, each.freight_amount) for each in (by_code, by_carrier, by_method)] == [
        ("express", Decimal("15.00")),
        ("express", Decimal("15.00")),
        ("parcel", Decimal("5.00")),
    ]
    assert by_code.choice["overridden"] is True
    assert by_method.choice["overridden"] is False


def test_the_reason_of_another_choice_is_kept(world):
    two_services()

    shipment = ship(packed_work(world), service="express", reason="Customer is leaving tomorrow")

    assert (shipment.choice["suggested"], shipment.choice["chosen"]) == ("parcel", "express")
    assert shipment.choice["why"] == "Customer is leaving tomorrow"


def test_any_carrier_takes_it_with_a_tracking_number_and_its_freight_is_not_known(world):
    two_services()

    shipment = ship(packed_work(world), carrier="My cousin", service="van", tracking_number="1")

    assert (shipment.carrier, shipment.service) == ("My cousin", "van")
    assert (shipment.freight_amount, shipment.expected_on) == (None, None)


def test_without_a_tracking_number_only_who_goes_there_can_be_named(world):
    two_services()

    refusal = refused(packed_work(world), UnknownService, carrier="My cousin")

    assert refusal.known == ["parcel", "express"]


def test_where_nobody_goes_a_person_has_to_find_one(world):
    service("parcel")
    rate("parcel", "5.00", country="NL")
    work = packed_work(world)

    assert refused(work, NoServiceTakesIt).country == "BE"
    assert ship(work, tracking_number="JD1").freight_amount is None


def test_expired_rates_are_no_rates(world):
    service("parcel")
    yesterday = timezone.localdate() - timedelta(days=2)
    rate("parcel", "5.00", until=yesterday)

    refused(packed_work(world), NoServiceTakesIt)


def test_a_service_that_was_switched_off_after_packing_takes_nothing(world):
    two_services()
    work = packed_work(world)
    rate_book()
    services.keep_service(
        terms=services.ServiceTerms(code="parcel", carrier="PostNL", is_active=False),
        by=KIM,
        at=timezone.now(),
    )

    refused(work, ServiceSwitchedOff, service="parcel")
    assert ship(work).service == "express"


def test_what_another_process_changed_counts_when_it_ships(world):
    two_services()
    work = packed_work(world)
    rate_book()
    Rate.objects.filter(zone__service__code="parcel", up_to_weight_g=2000).update(amount="6.00")
    CarriageRevision.objects.update(number=99)

    assert ship(work).freight_amount == Decimal("6.00")


def test_a_tracking_number_of_the_suggested_carrier_is_taken_once(world):
    two_services()
    ship(packed_work(world), service="parcel", tracking_number="3S1")
    work = packed_work(world)

    with pytest.raises(TrackingNumberTaken):
        ship(work, service="parcel", tracking_number="3S1")
    assert status_of(work) == "packed"


def test_a_weight_that_nobody_knows_costs_the_lightest_rate(world):
    two_services()
    world.sku("cup", weight_g=None)
    world.stock("cup", rotterdam=1)
    work = only_work_of(world.place(cup=1))

    assert shipped(work).freight_amount == Decimal("5.00")


def test_freight_of_an_order_is_added_up_by_currency_and_never_converted(world):
    service("parcel", days=2)
    rate("parcel", "5.00", country="BE")
    world.stock("tea", rotterdam=1)
    world.stock("cup", leipzig=1)
    world.stock("pot", ghent=1)
    order = world.place(tea=1, cup=1, pot=1)
    first, second, third = work_of(order)
    shipped(first)
    service("dollars", days=2)
    rate("dollars", "7.00", currency="USD", country="BE")
    shipped(second, service="dollars")
    shipped(third, carrier="My cousin", tracking_number="1")

    with CaptureQueriesContext(connection) as queries:
        found = selectors.freight_of([order.pk])[order.pk]

    assert len(queries) == 1
    assert [(each.currency, each.amount, each.shipments, each.unknown) for each in found] == [
        ("", 0, 1, 1),
        ("EUR", Decimal("5.000"), 1, 0),
        ("USD", Decimal("7.000"), 1, 0),
    ]


@pytest.mark.parametrize("services_there", [1, 3])
def test_choosing_costs_the_same_however_many_services_there_are(world, services_there):
    for nth in range(services_there):
        service(f"s{nth}")
        rate(f"s{nth}", "5.00")
    work = packed_work(world, units=3)
    lines = selectors.lines_of(work)
    order, _place = work.order, work.location
    revision = selectors.carriage_revision()

    allowed_services(order.channel_id)  # kept in the process

    def choose():
        with CaptureQueriesContext(connection) as queries:
            book = rate_book(revision=revision)
            selectors.choice_for(work, order, lines, book=book, at=timezone.now())
        return len(queries)

    assert choose() == 5  # services, zones, rates, boxes, packages
    assert choose() == 1


def test_shipping_with_rates_takes_one_query_more(world):
    def queries(work):
        with CaptureQueriesContext(connection) as found:
            ship(work)
        return len(found)

    built_in, by_rates = packed_work(world), packed_work(world)
    allowed_services(built_in.order.channel_id)  # kept in the process
    before = queries(built_in)
    two_services()
    rate_book()

    assert queries(by_rates) == before + 1


def test_rates_are_added_changed_or_left_and_a_zone_goes_with_its_last_one(world):
    service("parcel")

    assert rate("parcel", "5.00", country="BE", days=2) == {"added": 1, "changed": 0}
    assert rate("parcel", "5.00", country="BE") == {"unchanged": 1, "added": 0, "changed": 0}
    assert rate("parcel", "6.00", country="BE") == {"added": 0, "changed": 1}
    assert Zone.objects.get().transit_days == 2
    before = CarriageRevision.objects.get().number
    gone = {"reach": Reach("parcel", "BE"), "up_to_weight_g": 1000, "valid_from": date.min}
    services.remove_rate(by=KIM, at=timezone.now(), **gone)
    assert not Zone.objects.exists()
    assert CarriageRevision.objects.get().number == before + 1
    with pytest.raises(RateNotFound):
        services.remove_rate(by=KIM, at=timezone.now(), **gone)
    told = EventRecord.objects.filter(name="carriage.changed", subject="parcel").order_by("pk")
    assert [each.payload["changes"] for each in told] == [
        {"added": 1},
        {"added": 1},
        {"changed": 1},
        {"removed": 1},
    ]


def test_rates_need_their_service(world):
    with pytest.raises(ServiceNotFound):
        rate("nobody", "5.00")
    assert not Rate.objects.exists()


def test_a_service_changed_keeps_its_rates_and_its_carrier_its_days(world):
    service("parcel", weekdays=(0, 1, 2, 3, 4, 5))
    rate("parcel", "5.00")

    service("parcel", days=4, weekdays=None)

    kept = CarrierService.objects.get()
    assert (kept.transit_days, kept.carrier.weekdays) == (4, [0, 1, 2, 3, 4, 5])
    assert Rate.objects.count() == 1
    assert tuple(kept.carrier.weekdays) != EVERY_DAY


def test_the_rates_stay_in_memory_and_cost_a_glance_every_five_seconds(world, monkeypatch):
    two_services()
    now = [100.0]
    monkeypatch.setattr("fulfillment.selectors.rates.time.monotonic", lambda: now[0])
    forget_rates()
    rate_book()

    def queries():
        with CaptureQueriesContext(connection) as found:
            rate_book()
        return len(found)

    assert queries() == 0
    now[0] += 5.1
    assert queries() == 1
    assert queries() == 0
    CarriageRevision.objects.update(number=99)
    now[0] += 5.1
    assert queries() == 5
