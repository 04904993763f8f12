"""What to count today: by what sells, by what was counted when."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from inventory import services
from inventory.models import CountLine, Location
from inventory.selectors import counting_plan
from tests.fulfillment.steps import only_work_of
from tests.inventory.counting import KIM, put


def shipped(world, **units):
    work = only_work_of(world.place(**units))
    for step in (fulfillment.pick, fulfillment.pack, fulfillment.ship):
        step(number=work.number, by=KIM, at=timezone.now())


@pytest.fixture
def shop(world):
    """Of 100.00 shipped tea makes 80, cups 15 and jugs 5; rice lies still."""
    for sku, price in (("tea", 40), ("cup", 15), ("jug", 5), ("rice", 9)):
        world.sku(sku, price=Decimal(price), currency="EUR")
        put(world, sku, 10, f"{sku}-bin")
    shipped(world, tea=2, cup=1, jug=1)
    return world


def plan(most=10, after=timedelta()):
    place = Location.objects.get(code="rotterdam")
    return counting_plan(location_id=place.pk, at=timezone.now() + after, most=most)


def counted(days_ago, **units):
    number = services.request_count(
        location="rotterdam", skus=list(units), by=KIM, at=timezone.now()
    ).number
    for sku, found in units.items():
        services.record_count(
            number=number,
            bin=f"{sku}-bin",
            found=[services.Found(sku, found)],
            is_done=True,
            by=KIM,
            at=timezone.now(),
        )
    services.finish_count(number=number, by=KIM, at=timezone.now())
    CountLine.objects.filter(count__number=number).update(
        counted_at=timezone.now() - timedelta(days=days_ago)
    )


def test_what_was_never_counted_comes_first_the_best_sellers_before_the_rest(shop):
    found = plan()

    assert [(each.sku, each.abc) for each in found.places] == [
        ("tea", "A"),
        ("cup", "B"),
        ("jug", "C"),
        ("rice", "C"),
    ]
    assert found.due == 4


def test_at_most_so_many_are_proposed_and_all_that_are_due_are_told(shop):
    found = plan(most=1)

    assert [each.sku for each in found.places] == ["tea"]
    assert found.due == 4


def test_each_class_is_due_in_its_own_time(shop):
    counted(31, tea=8)
    counted(31, cup=9)
    counted(100, rice=10)

    assert [each.sku for each in plan().places] == ["jug", "tea"]
    later = plan(after=timedelta(days=60))
    assert [each.sku for each in later.places] == ["jug", "tea", "cup"]


def test_what_is_being_counted_is_not_proposed(shop):
    services.request_count(location="rotterdam", skus=["tea"], by=KIM, at=timezone.now())

    assert [each.sku for each in plan().places] == ["cup", "jug", "rice"]


def test_currencies_are_classed_apart(shop):
    shop.sku("yen", price=Decimal(2000), currency="JPY")
    put(shop, "yen", 5, "yen-bin")
    shipped(shop, yen=1)

    classes = {each.sku: each.abc for each in plan().places}
    assert (classes["yen"], classes["tea"]) == ("A", "A")


def test_one_button_makes_the_count_of_what_is_shown(shop):
    kim = shop.browser(shop.user("kim", role="warehouse", at=["rotterdam"]))
    assert "Make a count of these 2 places" in kim.get("/counts/plan/?most=2").content.decode()

    kim.post("/counts/plan/", {"location": "rotterdam", "most": "2"})

    lines = CountLine.objects.order_by("bin").values_list("level__sku__code", "bin")
    assert list(lines) == [("cup", "cup-bin"), ("tea", "tea-bin")]
    assert kim.post("/counts/plan/", {"location": "rotterdam", "most": "2"}).status_code == 302
    answer = kim.post("/counts/plan/", {"location": "rotterdam"})
    assert answer.status_code == 409
    assert "Nothing is due here" in answer.content.decode()
