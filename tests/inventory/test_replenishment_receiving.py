"""Deliveries are taken in, in part, over, with damage; those who wait get their units first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory import selectors, services
from inventory.errors import (
    NothingReceived,
    NotOnReplenishment,
    RejectedWithoutReason,
    ReplenishmentNotFound,
    TooManyReceived,
)
from inventory.invariants import INVARIANTS
from inventory.models import (
    Commitment,
    Movement,
    Receipt,
    ReceiptLine,
    ReplenishmentLine,
    ReplenishmentOrder,
)
from oms.core import sql
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from orders.models import Order, OrderLine
from tests.concurrency.racing import race


def receive(order, *, key="k-1", keep_over=False, reference="", **units):
    counts = [services.Count(sku, count) for sku, count in units.items()]
    return services.receive_replenishment(
        number=order.number,
        counts=counts,
        key=key,
        keep_over=keep_over,
        reference=reference,
        by=SYSTEM,
        at=timezone.now(),
    )


def line_of(order, sku="tea"):
    line = ReplenishmentLine.objects.get(order=order, sku__code=sku)
    return line.received, line.rejected, line.over


def broken_books():
    return {each.name: rows for each in INVARIANTS if (rows := sql.run(each.sql))}


def unchanged(world, order):
    order.refresh_from_db()
    assert order.status == "sent"
    assert line_of(order) == (0, 0, 0)
    assert not Receipt.objects.exists()
    assert not Movement.objects.filter(kind="receive").exists()
    assert not EventRecord.objects.filter(name="stock.received").exists()


def test_a_delivery_in_parts_ends_received(world):
    order = world.ordered_from_supplier(tea=10, cup=2)

    receive(order, tea=4, reference="LS-77")
    order.refresh_from_db()
    assert order.status == "part_received"
    assert world.on_hand("tea") == {"rotterdam": 4}

    receive(order, key="k-2", tea=6, cup=2)
    order.refresh_from_db()
    assert order.status == "received"
    assert world.on_hand("tea") == {"rotterdam": 10}
    assert world.on_hand("cup") == {"rotterdam": 2}
    moved = Movement.objects.filter(kind="receive").order_by("id")
    assert [(each.reference, each.reason, each.on_hand_delta) for each in moved] == [
        (order.number, "Delivery LS-77", 4),
        (order.number, "", 6),
        (order.number, "", 2),
    ]
    facts = EventRecord.objects.filter(name="replenishment.received").order_by("id")
    assert [(fact.payload["units"], fact.payload["complete"]) for fact in facts] == [
        ({"tea": 4}, False),
        ({"tea": 6, "cup": 2}, True),
    ]
    assert broken_books() == {}


def test_the_same_form_sent_twice_is_one_receipt(world):
    order = world.ordered_from_supplier(tea=10)

    receive(order, tea=4)
    receive(order, tea=4)

    assert line_of(order) == (4, 0, 0)
    assert world.on_hand("tea") == {"rotterdam": 4}
    assert Receipt.objects.count() == 1


def test_more_than_was_ordered_is_refused_unless_somebody_keeps_it(world):
    order = world.ordered_from_supplier(tea=10)

    with pytest.raises(TooManyReceived) as refused:
        receive(order, tea=12)
    assert refused.value.facts["expected"] == 10
    unchanged(world, order)

    receive(order, tea=12, keep_over=True)
    assert line_of(order) == (12, 0, 2)
    assert world.on_hand("tea") == {"rotterdam": 12}
    assert broken_books() == {}


def test_rejected_units_go_on_no_shelf_and_are_still_owed(world):
    order = world.ordered_from_supplier(tea=10)
    count = services.Count("tea", accepted=7, rejected=3, reason="damaged")

    services.receive_replenishment(
        number=order.number, counts=[count], key="k", by=SYSTEM, at=timezone.now()
    )

    order.refresh_from_db()
    assert order.status == "part_received"
    assert line_of(order) == (7, 3, 0)
    assert world.on_hand("tea") == {"rotterdam": 7}
    came = ReceiptLine.objects.get()
    assert (came.accepted, came.rejected, came.reason) == (7, 3, "damaged")
    assert broken_books() == {}


def test_a_delivery_of_which_nothing_is_fit_moves_no_stock(world):
    order = world.ordered_from_supplier(tea=10)
    count = services.Count("tea", rejected=10, reason="wrong")

    services.receive_replenishment(
        number=order.number, counts=[count], key="k", by=SYSTEM, at=timezone.now()
    )

    assert line_of(order) == (0, 10, 0)
    assert not EventRecord.objects.filter(name="stock.received").exists()
    assert broken_books() == {}


@pytest.mark.parametrize(
    ("counts", "refusal"),
    [
        ([], NothingReceived),
        ([services.Count("tea")], NothingReceived),
        ([services.Count("cup", 1)], NotOnReplenishment),
        ([services.Count("tea", 1, rejected=1)], RejectedWithoutReason),
    ],
)
def test_what_cannot_be_taken_in_changes_nothing(world, counts, refusal):
    order = world.ordered_from_supplier(tea=10)

    with pytest.raises(refusal):
        services.receive_replenishment(
            number=order.number, counts=counts, key="k", by=SYSTEM, at=timezone.now()
        )

    unchanged(world, order)


def test_nothing_is_received_against_what_is_not_sent_or_over(world):
    world.supplier("leaf", tea={})
    world.reorder("tea", point=4)
    [draft] = services.propose_replenishment(by=SYSTEM, at=timezone.now())

    with pytest.raises(TransitionNotAllowed):
        receive(draft, tea=1)
    with pytest.raises(ReplenishmentNotFound):
        receive(ReplenishmentOrder(number="RO-0"), tea=1)

    assert world.on_hand("tea") == {"rotterdam": 0}
    assert not Receipt.objects.exists()


def test_units_that_come_are_set_against_the_earliest_word(world):
    order = world.ordered_from_supplier(tea=10)
    today = timezone.localdate()
    parts = [services.Part(4, today), services.Part(5, today + timedelta(days=6))]
    services.commit_replenishment(
        number=order.number,
        answers=[services.Answer("tea", parts)],
        by=SYSTEM,
        at=timezone.now(),
    )

    receive(order, tea=6)

    kept = Commitment.objects.order_by("expected_on")
    assert [(each.quantity, each.received) for each in kept] == [(4, 4), (5, 2)]
    assert ReceiptLine.objects.get().promised_on == today
    left = [
        (each.units, each.expected_on, each.is_committed)
        for each in selectors.inbound([world.sku("tea").pk])
    ]
    assert sorted(left, key=str) == sorted(
        [(3, today + timedelta(days=6), True), (1, order.expected_on, False)], key=str
    )
    assert broken_books() == {}


def test_a_backorder_is_filled_from_what_a_supplier_committed_and_sent_in_part(world):
    world.stock("tea", rotterdam=0)
    first = world.place(tea=3, fields={"placed_at": "2026-11-01T12:00:00+00:00"})
    second = world.place(tea=4, fields={"placed_at": "2026-11-02T12:00:00+00:00"})
    order = world.ordered_from_supplier(tea=10)
    soon = timezone.localdate() + timedelta(days=2)
    services.commit_replenishment(
        number=order.number,
        answers=[services.Answer("tea", [services.Part(10, soon)])],
        by=SYSTEM,
        at=timezone.now(),
    )

    receive(order, tea=5)

    lines = OrderLine.objects.filter(order__in=[first, second]).order_by("order_id")
    assert [(line.allocated, line.backordered) for line in lines] == [(3, 0), (2, 2)]
    assert [work.units for work in world.works(first)] == [3]
    assert world.available("tea") == {"rotterdam": 0}
    assert broken_books() == {}


def test_closing_gives_up_the_rest(world):
    order = world.ordered_from_supplier(tea=10)
    with pytest.raises(TransitionNotAllowed):
        services.close_replenishment(number=order.number, reason="", by=SYSTEM, at=timezone.now())
    receive(order, tea=4)

    services.close_replenishment(
        number=order.number, reason="Sold out there", by=SYSTEM, at=timezone.now()
    )

    fact = EventRecord.objects.get(name="replenishment.closed")
    assert fact.payload["missing"] == {"tea": 6}
    assert selectors.inbound([world.sku("tea").pk]) == []
    with pytest.raises(TransitionNotAllowed):
        receive(order, key="k-2", tea=1)
    assert world.on_hand("tea") == {"rotterdam": 4}


@pytest.mark.django_db(transaction=True)
def test_four_people_receive_one_line_at_once_and_every_unit_counts_once(world):
    world.stock("tea", rotterdam=0)
    waiting = world.place(tea=7)
    order = world.ordered_from_supplier(tea=20)

    def take_in(nth):
        def work():
            receive(order, key=f"k-{nth}", tea=5)
            return "in"

        return work

    assert race([take_in(nth) for nth in range(4)]) == ["in"] * 4

    order.refresh_from_db()
    assert order.status == "received"
    assert line_of(order) == (20, 0, 0)
    assert world.on_hand("tea") == {"rotterdam": 20}
    assert world.available("tea") == {"rotterdam": 13}
    assert Order.objects.get(pk=waiting.pk).lines.get().backordered == 0
    assert broken_books() == {}


@pytest.mark.django_db(transaction=True)
def test_four_people_cannot_take_in_more_than_was_ordered(world):
    order = world.ordered_from_supplier(tea=10)

    def take_in(nth):
        return lambda: receive(order, key=f"k-{nth}", tea=4).number

    outcome = race([take_in(nth) for nth in range(4)])

    assert sorted(outcome) == sorted([order.number] * 2 + ["TooManyReceived"] * 2)
    assert line_of(order) == (8, 0, 0)
    assert world.on_hand("tea") == {"rotterdam": 8}
    assert broken_books() == {}


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_by_four_at_once_is_one_receipt(world):
    order = world.ordered_from_supplier(tea=10)

    race([lambda: receive(order, key="same", tea=4).number] * 4)

    assert line_of(order) == (4, 0, 0)
    assert world.on_hand("tea") == {"rotterdam": 4}
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("replenishment_receipts", "UPDATE inventory_receiptline SET accepted = 3"),
        ("replenishment_ledger", "UPDATE inventory_receiptline SET id = id + 1"),
        ("replenishment_over", "UPDATE inventory_replenishmentline SET over = 1"),
        ("replenishment_commitments", "UPDATE inventory_commitment SET quantity = 99"),
        ("replenishment_status", "UPDATE inventory_replenishmentorder SET status = 'received'"),
    ],
)
def test_the_books_name_what_was_broken_by_hand(world, name, harm):
    order = world.ordered_from_supplier(tea=10)
    soon = timezone.localdate() + timedelta(days=2)
    services.commit_replenishment(
        number=order.number,
        answers=[services.Answer("tea", [services.Part(6, soon)])],
        by=SYSTEM,
        at=timezone.now(),
    )
    receive(order, tea=4)
    assert broken_books() == {}

    sql.run(harm)

    assert broken_books()[name][0][0] == order.number
