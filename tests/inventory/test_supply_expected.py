"""A supplier's word becomes the day a customer reads, by the place in line."""

from datetime import timedelta

from django.utils import timezone

from fulfillment import selectors
from inventory import selectors as inventory
from inventory import services
from inventory.models import StockLevel
from oms.core.actors import SYSTEM
from orders.selectors import status_url
from orders.services import cancel_order


def day(ahead):
    return timezone.localdate() + timedelta(days=ahead)


def commit(order, *parts, sku="tea", declined=False, at=None):
    given = [services.Part(units, on) for units, on in parts]
    services.commit_replenishment(
        number=order.number,
        answers=[services.Answer(sku, given, is_declined=declined)],
        by=SYSTEM,
        at=at or timezone.now(),
    )


def expected(order):
    lines = list(order.lines.order_by("position"))
    return [(each.units, each.expected_on) for each in selectors.expected_of(order, lines)]


def placed_on(day):
    return {"placed_at": f"2026-11-{day:02}T12:00:00+00:00"}


def test_who_waits_longest_gets_the_first_day(world):
    world.stock("tea", rotterdam=0)
    second = world.place(tea=4, fields=placed_on(2))
    first = world.place(tea=3, fields=placed_on(1))
    third = world.place(tea=5, fields=placed_on(3))
    order = world.ordered_from_supplier(tea=10)

    assert expected(first) == [(3, None)]
    commit(order, (5, day(3)), (4, day(9)))

    assert expected(first) == [(3, day(3))]
    assert expected(second) == [(2, day(3)), (2, day(9))]
    assert expected(third) == [(2, day(9)), (3, None)]

    cancel_order(number=first.number, reason="", by=SYSTEM)
    assert expected(second) == [(4, day(3))]


def test_a_day_that_is_over_is_no_promise(world):
    world.stock("tea", rotterdam=0)
    waiting = world.place(tea=3)
    order = world.ordered_from_supplier(tea=10)
    commit(order, (10, day(-2)), at=timezone.now() - timedelta(days=5))

    assert expected(waiting) == [(3, None)]


def test_what_the_safety_stock_lacks_is_not_promised(world):
    world.stock("tea", rotterdam=0)
    waiting = world.place(tea=3)
    StockLevel.objects.update(safety_stock=2)
    order = world.ordered_from_supplier(tea=4)
    commit(order, (4, day(3)))

    assert expected(waiting) == [(2, day(3)), (1, None)]


def test_an_order_that_waits_for_nothing_asks_nothing(world, django_assert_num_queries):
    world.stock("tea", rotterdam=3)
    order = world.place(tea=3)
    lines = list(order.lines.all())

    with django_assert_num_queries(0):
        assert selectors.expected_of(order, lines) == []


def test_the_questions_asked_do_not_grow_with_the_lines(world, django_assert_num_queries):
    inventory.forget_serving_locations()
    for skus in (["a"], ["b", "c", "d"]):
        for sku in skus:
            world.stock(sku, rotterdam=0)
        order = world.place(**dict.fromkeys(skus, 2))
        supply = world.ordered_from_supplier(**dict.fromkeys(skus, 5))
        for sku in skus:
            commit(supply, (5, day(3)), sku=sku)
        lines = list(order.lines.all())
        inventory.serving_locations()
        with django_assert_num_queries(3):
            assert [each.expected_on for each in selectors.expected_of(order, lines)] == [
                day(3)
            ] * len(skus)


def test_customer_and_staff_read_the_day(world, client):
    world.stock("tea", rotterdam=0)
    waiting = world.place(tea=3)
    order = world.ordered_from_supplier(tea=10)
    sam = world.browser(world.user("sam", role="support"))
    link = status_url(waiting).removeprefix("http://localhost:8000")

    page = client.get(link, follow=True).content.decode()
    assert "We do not know the day yet" in page
    assert "no day is known yet" in sam.get(f"/orders/{waiting.number}/").content.decode()

    commit(order, (2, day(3)))

    page = client.get(link, follow=True).content.decode()
    assert f'We expect it on <time datetime="{day(3).isoformat()}">' in page
    assert "We do not know the day yet" in page
    shown = sam.get(f"/orders/{waiting.number}/").content.decode()
    assert f'expected <time datetime="{day(3).isoformat()}">' in shown


def test_shortages_say_since_when_what_comes_and_who_supplies(world):
    world.stock("tea", rotterdam=1)
    world.place(tea=3, fields=placed_on(2))
    world.place(tea=2, fields=placed_on(1))
    world.place(cup=1, fields=placed_on(3))
    order = world.ordered_from_supplier(tea=3)
    commit(order, (3, day(3)))

    tea, cup = inventory.shortages()

    assert (tea.sku.code, tea.waiting.units, tea.waiting.orders) == ("tea", 4, 2)
    assert tea.waiting.since.day == 1
    assert [(each.units, each.number) for each in tea.coming] == [(3, order.number)]
    assert (tea.uncovered, tea.next_on) == (1, day(3))
    assert [each.supplier.code for each in tea.supplies] == ["leaf"]
    assert (cup.sku.code, cup.uncovered, list(cup.supplies)) == ("cup", 1, [])
