"""One order to several addresses: each is decided, packed, sent and told apart."""

from decimal import Decimal

from django.utils import timezone

from fulfillment.models import FulfillmentOrder, SourcingDecision
from fulfillment.paper import slips_of
from inventory import services as inventory
from oms.core.actors import SYSTEM
from orders.models import OrderLine
from orders.selectors import status_url
from tests.fulfillment.rates import rate, service
from tests.fulfillment.steps import counters, follow_rules, shipped, units_of, work_of

LEIPZIG = {
    "name": "Jonas Weber",
    "line1": "Karl-Liebknecht-Straße 8",
    "city": "Leipzig",
    "postal_code": "04107",
    "country": "DE",
}


def line(sku, quantity, ship_to=None):
    return {"sku": sku, "quantity": quantity, "unit_price": "10.00", "ship_to": ship_to}


def placed(world, *lines, **fields):
    for each in lines:
        world.sku(each["sku"])
    return world.place(tea=1, fields={"lines": list(lines), **fields})


def by_city(order):
    return [
        (work.ship_to.city, work.location.code, units_of(work))
        for work in FulfillmentOrder.objects.filter(order=order)
        .select_related("location")
        .order_by("id")
    ]


def test_each_address_is_served_from_its_own_nearest_location(world):
    world.stock("tea", rotterdam=5, leipzig=5)

    order = placed(world, line("tea", 2), line("tea", 3, LEIPZIG))

    assert by_city(order) == [
        ("Antwerp", "rotterdam", {"tea": (2, 0, 0, 0)}),
        ("Leipzig", "leipzig", {"tea": (3, 0, 0, 0)}),
    ]
    assert world.available("tea") == {"leipzig": 2, "rotterdam": 3}


def test_the_same_units_are_never_promised_to_both(world):
    world.stock("tea", rotterdam=3)

    order = placed(world, line("tea", 2), line("tea", 2, LEIPZIG))

    assert by_city(order) == [
        ("Antwerp", "rotterdam", {"tea": (2, 0, 0, 0)}),
        ("Leipzig", "rotterdam", {"tea": (1, 0, 0, 0)}),
    ]
    first, second = OrderLine.objects.filter(order=order).order_by("position")
    assert (first.allocated, first.backordered) == (2, 0)
    assert (second.allocated, second.backordered) == (1, 1)
    assert world.available("tea") == {"rotterdam": 0}


def test_two_addresses_from_two_locations_with_one_waiting_are_filled_where_they_wait(world):
    world.stock("tea", rotterdam=2, leipzig=1)
    world.stock("cup", rotterdam=1, leipzig=1)
    order = placed(
        world,
        line("tea", 2),
        line("cup", 1),
        line("tea", 3, LEIPZIG),
        line("cup", 1, LEIPZIG),
    )
    assert by_city(order) == [
        ("Antwerp", "rotterdam", {"tea": (2, 0, 0, 0), "cup": (1, 0, 0, 0)}),
        ("Leipzig", "leipzig", {"tea": (1, 0, 0, 0), "cup": (1, 0, 0, 0)}),
    ]
    assert SourcingDecision.objects.filter(order=order).count() == 2

    inventory.receive(
        arrivals=[inventory.Arrival(world.sku("tea"), world.location("rotterdam"), 9)],
        reference="delivery",
        by=SYSTEM,
        at=timezone.now(),
    )

    assert by_city(order)[2:] == [("Leipzig", "rotterdam", {"tea": (2, 0, 0, 0)})]
    assert counters(order)["tea"] == {"allocated": 3}
    assert world.available("tea") == {"leipzig": 0, "rotterdam": 7}


def test_why_is_told_for_each_address(world):
    world.stock("tea", rotterdam=5, leipzig=5)

    order = placed(world, line("tea", 2), line("tea", 3, LEIPZIG))

    first, second = SourcingDecision.objects.filter(order=order).order_by("pk")
    assert first.ship_to is None
    assert second.ship_to.city == "Leipzig"
    page = world.browser(world.user("sam", role="support")).get(f"/orders/{order.number}/")
    text = " ".join(page.content.decode().split())
    assert "Why Rotterdam, to Antwerp" in text
    assert "Why Leipzig, to Leipzig" in text
    assert "To Jonas Weber, Karl-Liebknecht-Straße 8, 04107 Leipzig, DE" in text
    answer = world.api("shop").get(f"/api/v1/orders/{order.number}/sourcing/").json()
    assert [each["ship_to"] and each["ship_to"]["city"] for each in answer["decisions"]] == [
        "Leipzig",
        None,
    ]


def test_a_line_that_names_the_orders_own_address_is_no_other_address(world):
    world.stock("tea", rotterdam=5)
    own = world.order_body("x", tea=1)["shipping_address"]

    order = placed(world, line("tea", 1), line("tea", 2, own))

    assert by_city(order) == [("Antwerp", "rotterdam", {"tea": (3, 0, 0, 0)})] or (
        len(work_of(order)) == 1
    )
    assert SourcingDecision.objects.get(order=order).ship_to is None


def test_papers_parcels_and_the_api_say_which_address(world):
    world.stock("tea", rotterdam=5, leipzig=5)
    order = placed(world, line("tea", 2), line("tea", 3, LEIPZIG))
    here, there = FulfillmentOrder.objects.filter(order=order).order_by("id")

    assert slips_of([here])[0].ship_to == "Robin Vale"
    assert slips_of([there])[0].ship_to == "Jonas Weber"
    shipped(there, carrier="DHL", tracking_number="JD1")
    client = world.api("shop")
    body = client.get(f"/api/v1/orders/{order.number}/").json()
    assert [each["ship_to"] and each["ship_to"]["city"] for each in body["lines"]] == [
        None,
        "Leipzig",
    ]
    assert [each["ship_to"]["city"] for each in body["fulfillment_orders"]] == [
        "Antwerp",
        "Leipzig",
    ]


def test_the_customer_reads_where_each_parcel_goes(world, client):
    world.stock("tea", rotterdam=5, leipzig=5)
    order = placed(world, line("tea", 2), line("tea", 3, LEIPZIG))
    for work in work_of(order):
        shipped(work, carrier="DHL", tracking_number=work.number)

    page = client.get("/s/" + status_url(order).split("/s/", 1)[1], follow=True)

    text = " ".join(page.content.decode().split())
    assert "It goes to Antwerp and Leipzig." in text
    assert text.count("It goes to Leipzig.") == 1
    assert "Karl-Liebknecht" not in text


def test_the_closest_serves_whatever_the_freight_until_a_rule_says_so(world):
    service("parcel")
    rate("parcel", "12.00", origin_country="NL", country="BE")
    rate("parcel", "4.00", origin_country="DE", country="BE")
    world.stock("tea", rotterdam=5, leipzig=5)

    [work] = work_of(world.place(tea=1))

    assert work.location.code == "rotterdam"


def test_freight_decides_where_a_rule_weighs_it(world):
    follow_rules({"name": "Cheapest", "parts": 2, "weights": {"freight": "1", "split": "3"}})
    service("parcel")
    rate("parcel", "12.00", origin_country="NL", country="BE")
    rate("parcel", "4.00", origin_country="DE", country="BE")
    world.stock("tea", rotterdam=5, leipzig=5)
    world.sku("tea")

    order = world.place(tea=1)

    [work] = work_of(order)
    assert work.location.code == "leipzig"
    decision = SourcingDecision.objects.get(order=order)
    assert decision.reason == (
        "Leipzig is the cheapest location that has the unit: 4.00 EUR with PostNL parcel; "
        "Rotterdam is closer."
    )
    told = {
        each["name"]: (each["freight"], each["outcome"], each["needs"])
        for each in decision.candidates
    }
    assert told == {
        "Leipzig": ("4.00 EUR", "Chosen", ""),
        "Rotterdam": ("12.00 EUR", "Dearer by 8.00 EUR", "8.00 EUR less"),
    }
    assert (decision.routing, decision.step, decision.is_proven) == ("Tea", "Cheapest", True)


def test_rates_that_are_the_same_from_everywhere_leave_the_way_to_decide(world):
    service("parcel")
    rate("parcel", "4.00", country="BE")
    world.stock("tea", rotterdam=5, leipzig=5)

    [work] = work_of(world.place(tea=1))

    assert work.location.code == "rotterdam"
    assert SourcingDecision.objects.get().candidates[0]["freight"] is None


def test_a_parcel_that_would_be_late_from_there_comes_from_elsewhere(world):
    service("parcel", days=1)
    rate("parcel", "4.00", origin_country="NL", country="BE", days=9)
    rate("parcel", "9.00", origin_country="DE", country="BE", days=1)
    world.stock("tea", rotterdam=5, leipzig=5)
    soon = (timezone.now() + timezone.timedelta(days=3)).isoformat()

    [work] = work_of(world.place(tea=1, fields={"promise": {"deliver_by": soon}}))

    assert work.location.code == "leipzig"
    outcomes = {each["name"]: each["outcome"] for each in SourcingDecision.objects.get().candidates}
    assert outcomes["Rotterdam"] == "Would arrive too late"
    assert Decimal(9) == shipped(work).freight_amount
