from datetime import time, timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fulfillment.home import cards
from fulfillment.models import FulfillmentOrder, Shipment
from fulfillment.rules.mapping import HEIGHT, LETTER, LINE, WIDTH, Point, placed
from inventory.models import Location
from tests.fulfillment.steps import only_work_of, packed, said, shipped, work_of


def drawn(tag, order):
    template = Template(f"{{% load fulfillment %}}{{% {tag} order %}}")
    return " ".join(template.render(Context({"order": order})).split())


def test_the_order_page_shows_each_locations_work_and_parcels(world):
    world.stock("tea", rotterdam=1)
    world.stock("cup", leipzig=1)
    order = world.place(tea=1, cup=1)
    first, second = work_of(order)
    shipment = shipped(first, carrier="dhl", tracking_number="JD1")

    page = drawn("work_of", order)

    assert first.number in page
    assert second.number in page
    assert shipment.number in page
    assert "JD1" in page
    assert "Rotterdam" in page
    assert "Leipzig" in page


def test_a_cut_off_that_is_past_is_said_to_be_missed(world):
    world.stock("tea", rotterdam=1)
    Location.objects.update(cutoff_time=time(16))
    order = world.place(tea=1)
    assert "Leaves with the cut-off" in drawn("work_of", order)

    long_ago = timezone.now() - timedelta(days=3)
    FulfillmentOrder.objects.filter(order=order).update(created_at=long_ago)

    page = drawn("work_of", order)
    assert "Missed the cut-off" in page
    assert "Leaves with" not in page


def test_the_customer_reads_that_a_parcel_is_late(world):
    world.stock("tea", rotterdam=1)
    shipment = shipped(only_work_of(world.place(tea=1)))
    order = shipment.fulfillment_order.order
    for days, words in ((1, "We expect it by"), (0, "We expect it by"), (-1, "It is late")):
        Shipment.objects.update(expected_on=timezone.localdate() + timedelta(days=days))
        assert words in drawn("parcels_of", order), days


def test_why_a_location_was_chosen_is_told_with_a_map(world):
    world.stock("tea", rotterdam=1, leipzig=1)
    order = world.place(tea=1)

    page = drawn("sourcing_of", order)

    assert "Why Rotterdam" in page
    assert "Rotterdam is the closest location that has the unit" in page
    assert "Farther:" in page
    assert page.count("<circle") == 3
    assert "style=" not in page


def test_an_order_that_nobody_decided_on_shows_nothing(world):
    order = world.place(tea=1)
    order.pk = 0

    assert drawn("sourcing_of", order) == ""
    assert drawn("work_of", order) == ""
    assert drawn("parcels_of", order) == ""


def test_customers_read_of_parcels_in_their_own_words(world):
    world.stock("tea", rotterdam=2)
    order = world.place(tea=2)
    work = only_work_of(order)
    assert drawn("parcels_of", order) == ""
    shipment = shipped(work, carrier="dhl", tracking_number="JD1")

    moving = drawn("parcels_of", order)
    said(shipment, "delivered")
    arrived = drawn("parcels_of", order)

    assert "On its way" in moving
    assert "Follow the parcel" in moving
    assert "2 \N{MULTIPLICATION SIGN}" in moving
    assert "It arrived on" in arrived
    for page in (moving, arrived):
        assert work.number not in page
        assert "tea" not in page.replace("Tea", "")


def test_tags_cost_the_same_for_one_and_for_three_parcels(world):
    for at, sku in enumerate(("tea", "cup", "pot")):
        world.stock(sku, **{("rotterdam", "leipzig", "ghent")[at]: 5})
    costs = []
    for units in ({"tea": 1}, {"tea": 1, "cup": 1, "pot": 1}):
        order = world.place(**units)
        for work in work_of(order):
            shipped(work)
        assert FulfillmentOrder.objects.filter(order=order).count() == len(units)
        with CaptureQueriesContext(connection) as captured:
            for tag in ("work_of", "sourcing_of", "parcels_of"):
                drawn(tag, order)
        costs.append(len(captured))
    assert costs == [9, 9]


@pytest.mark.parametrize(
    "points",
    [
        [Point(51.9, 4.5)],
        [Point(51.9, 4.5), Point(51.9, 4.5)],
        [Point(51.9, 4.5), Point(40.7, -74.2), Point(-33.9, 151.2)],
        [Point(89.9, 0), Point(-89.9, 180)],
    ],
)
def test_every_point_lies_on_the_map(points):
    for spot in placed(points):
        assert 0 <= spot.x <= WIDTH
        assert 0 <= spot.y <= HEIGHT


def test_names_on_the_map_cover_neither_each_other_nor_a_place():
    salzburg, leipzig = Point(47.8, 13.05, "Salzburg"), Point(51.34, 12.37, "Leipzig warehouse")
    rotterdam, shop = Point(51.92, 4.48, "Rotterdam warehouse"), Point(52.37, 4.9, "Amsterdam shop")
    points = [salzburg, leipzig, rotterdam, shop]

    spots = placed(points)
    areas = [(spot.x - 5, spot.x + 5, spot.y - 5, spot.y + 5) for spot in spots]
    for point, spot in zip(points, spots, strict=True):
        width = len(point.name) * LETTER
        left = spot.label_x - {"start": 0, "middle": width // 2, "end": width}[spot.anchor]
        label = (left, left + width, spot.label_y + 2 - LINE, spot.label_y + 2)

        assert left >= 0
        assert label[1] <= WIDTH
        for other in areas:
            beside = label[1] <= other[0] or other[1] <= label[0]
            assert beside or label[3] <= other[2] or other[3] <= label[2], point.name
        areas.append(label)


def test_the_map_has_north_up_and_west_left():
    west, east, south = placed([Point(52, 4), Point(52, 12), Point(48, 8)])

    assert west.x < east.x
    assert south.y > west.y


def test_the_home_page_says_where_the_work_stands(world):
    world.stock("tea", rotterdam=9, leipzig=9)
    packed(only_work_of(world.place(tea=1)))
    shipped(only_work_of(world.place(tea=1)))
    world.place(tea=1)
    here = world.location("rotterdam").pk

    ada = world.user("ada", role="operations")

    with CaptureQueriesContext(connection) as captured:
        _ready, _late, flow, days = cards(ada, [here])

    stages = {str(stage.label): stage.orders for stage in flow.context["stages"]}
    assert stages["To release"] == 1
    assert stages["To ship"] == 1
    [day] = days.context["days"]
    assert (day.name, day.waiting, day.shipped) == ("Rotterdam", 2, 1)
    assert len([q for q in captured.captured_queries if "auth_" not in q["sql"]]) <= 4


def test_who_may_not_see_work_gets_no_cards(world):
    assert cards(world.user("eve"), None) == []


def test_the_pages_that_compose_us_still_open(world):
    world.stock("tea", rotterdam=2)
    order = world.place(tea=2)
    shipped(only_work_of(order))
    ada = world.browser(world.user("ada", role="operations"))

    assert "Why Rotterdam" in ada.get(f"/orders/{order.number}/").content.decode()
    assert "From order to parcel" in ada.get("/").content.decode()
