"""Queries that are built once: what they find, and what is built and planned again."""

import pytest
from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Concat

from fulfillment.models import FulfillmentOrder
from inventory.models import Reservation, StockLevel
from oms.catalog.models import Sku
from oms.core import sql
from oms.core.prepared import Given, prepared
from orders.models import Order, OrderLine

pytestmark = pytest.mark.django_db


def test_it_finds_what_the_same_query_finds_with_the_values_of_each_call(world):
    first, second = world.place("1", tea=1, mug=2), world.place("2", pot=3)

    @prepared
    def lines_of(*, order_id, at_least):
        lines = OrderLine.objects.filter(order=order_id, quantity__gte=at_least)
        return lines.select_related("order", "sku", "kit").order_by("pk")

    for order, at_least in ((first, 1), (first, 2), (second, 1), (second, 4)):
        found = lines_of(order_id=order.pk, at_least=at_least)

        expected = list(
            OrderLine.objects.filter(order=order, quantity__gte=at_least).order_by("pk")
        )
        assert found == expected
        assert [vars(each.order)["number"] for each in found] == [order.number] * len(expected)
        for line, same in zip(found, expected, strict=True):
            assert (line.sku.code, line.kit, line.ship_to) == (same.sku_code, None, None)
            assert (line.said, line.total_amount) == (same.said, same.total_amount)


def test_a_row_it_found_is_changed_like_any_other(world):
    order = world.place(tea=1)

    @prepared
    def numbered(*, number):
        return Order.objects.filter(number=number)

    [found] = numbered(number=order.number)
    found.notes = "Ring twice"
    found.save(update_fields=["notes"])

    order.refresh_from_db()
    assert order.notes == "Ring twice"
    assert found.ship_to == order.ship_to


def test_what_is_asked_along_with_rows_may_be_given_values_too(world):
    world.stock("tea", rotterdam=9)
    order = world.place(tea=1)
    works = FulfillmentOrder.objects.filter(order=OuterRef("pk"), number__endswith=Given("ending"))
    count = works.order_by().values("order").annotate(count=Count("pk")).values("count")

    @prepared
    def counted(*, number, **given):
        found = Order.objects.filter(number=number)
        return found.annotate(works=Subquery(count), greeted=Concat(Value("to "), "number"))

    [one] = counted(number=order.number, ending="-1")
    [none] = counted(number=order.number, ending="-2")

    assert (one.works, none.works, one.greeted) == (1, None, f"to {order.number}")


def test_columns_left_out_are_read_when_they_are_asked_for(world, django_assert_num_queries):
    tea = world.sku("tea")

    @prepared
    def coded(*, code):
        return Sku.objects.filter(code=code).only("pk")

    with django_assert_num_queries(1):
        [found] = coded(code="tea")
    with django_assert_num_queries(1):
        assert found.name == tea.name


def test_it_is_built_once_and_planned_by_the_server_once(world):
    built = []

    @prepared
    def levels_of(*, sku_id):
        built.append(sku_id)
        return StockLevel.objects.filter(sku=sku_id).annotate(planned_once=Value(1))

    for sku_id in range(20):
        levels_of(sku_id=sku_id)

    assert len(built) == 1
    [(plans,)] = sql.run(
        "SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE %s",
        ['%AS "planned_once"%'],
    )
    assert plans > 5


def test_nothing_found_is_an_empty_list():
    @prepared
    def of(*, reference):
        return Reservation.objects.filter(reference=reference)

    assert of(reference="SO-0") == []
