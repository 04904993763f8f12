from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms.customers.services import CustomerDetails
from orders.adapters.merging import UnknownPart, merged, told
from orders.adapters.parts import (
    Cancellation,
    Fulfillment,
    Head,
    Item,
    Items,
    Payment,
    PaymentState,
    Refund,
    Report,
    Said,
    Units,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HEAD = Head(placed_at=NOON, currency="EUR", customer=CustomerDetails(name="Robin Vale"))
TEA = Items((Item(key="1", quantity=3, unit_price=Decimal("4.50"), sku="tea"),))

payments = st.builds(
    Payment,
    state=st.sampled_from(PaymentState),
    amount=st.decimals(min_value=1, max_value=5, places=2),
    currency=st.just("EUR"),
)
customers = st.builds(
    CustomerDetails,
    name=st.sampled_from(["", "Robin", "R."]),
    email=st.sampled_from(["", "r@x.nl"]),
)
heads = st.builds(Head, placed_at=st.just(NOON), currency=st.just("EUR"), customer=customers)
reports = st.builds(
    Report,
    order=st.just("1001"),
    parts=st.fixed_dictionaries(
        {}, optional={"payment:1": payments, "payment:2": payments, "head": heads}
    ),
    as_of=st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours)),
)


def all_of(said, start=None):
    kept = start or {}
    for report in said:
        kept = merged(kept, report, NOON)
    return kept


@given(st.lists(reports, max_size=6), st.randoms(use_true_random=False))
def test_what_is_known_does_not_depend_on_order_or_repeats(said, random):
    shuffled = [*said, *said]
    random.shuffle(shuffled)

    assert all_of(shuffled) == all_of(said)


@given(st.lists(reports, max_size=4), st.lists(reports, max_size=4))
def test_it_does_not_matter_what_was_put_together_first(some, others):
    assert all_of(others, all_of(some)) == all_of(some, all_of(others))


def test_the_later_word_stands_whichever_came_first():
    early = Report("1001", {"head": Head(**{**vars(HEAD), "name": "old"})}, NOON)
    late = Report("1001", {"head": Head(**{**vars(HEAD), "name": "new"})}, NOON + timedelta(1))

    assert told(all_of([late, early])).head.name == "new"


@pytest.mark.parametrize("is_late_first", [False, True])
def test_what_was_said_of_a_customer_is_not_taken_back_by_saying_nothing(is_late_first):
    robin = CustomerDetails(name="Robin Vale", email="robin@example.com", phone="1")
    less = CustomerDetails(name="R. Vale")
    said = [
        Report("1001", {"head": replace(HEAD, customer=robin)}, NOON),
        Report("1001", {"head": replace(HEAD, customer=less)}, NOON + timedelta(1)),
    ]

    kept = all_of(reversed(said) if is_late_first else said)

    assert told(kept).head.customer == replace(robin, name="R. Vale")
    again = Report(
        "1001", {"head": replace(HEAD, customer=replace(less, phone="2"))}, NOON + timedelta(2)
    )
    assert told(all_of([again], kept)).head.customer == replace(robin, name="R. Vale", phone="2")


def test_of_two_words_of_one_second_the_one_that_says_more_has_happened_stands():
    waiting = Report("1001", {"head": HEAD}, NOON)
    paid = Report("1001", {"head": Head(**{**vars(HEAD), "captured": Decimal("9.00")})}, NOON)

    assert told(all_of([paid, waiting])) == told(all_of([waiting, paid]))
    assert told(all_of([paid, waiting])).captured == Decimal("9.00")


def test_parts_come_back_as_they_were_said():
    said = {
        "head": HEAD,
        "items": TEA,
        "refund:7": Refund(Decimal("4.50"), "EUR", cancelled=(Units("1", 1),)),
        "cancellation:2": Cancellation((Units("1", 5),), at=NOON),
    }

    known = told(all_of([Report("1001", said)]))

    assert (known.head, known.items) == (HEAD, TEA)
    assert known.refunds == {"refund:7": said["refund:7"]}
    assert known.cancellations == {"cancellation:2": said["cancellation:2"]}
    assert known.cancelled() == {"1": 3}


def test_a_refund_alone_waits_for_the_order():
    known = told(all_of([Report("1001", {"refund:7": Refund(Decimal("4.50"), "EUR")})]))

    assert known.lacking(is_patient=True) == ["head", "items"]


def test_what_comes_apart_is_waited_for_a_while():
    amazon = Head(**{**vars(HEAD), "awaits": ("items", "address", "buyer")})
    known = told(all_of([Report("1001", {"head": amazon, "items": TEA})]))

    assert known.lacking(is_patient=True) == ["address", "buyer"]
    assert known.lacking(is_patient=False) == []


@pytest.mark.parametrize(("key", "part"), [("gift", HEAD), ("items", HEAD)])
def test_a_part_under_a_strange_key_is_refused(key, part):
    with pytest.raises(UnknownPart):
        merged({}, Report("1001", {key: part}), NOON)


def test_what_is_told_apart_from_head_and_items_is_with_them_in_the_end():
    at = datetime(2026, 11, 23, tzinfo=UTC)
    head = Head(placed_at=at, currency="USD", customer=CustomerDetails(name="Ann"), notes="Ring")
    item = Item(key="1", quantity=1, unit_price=Decimal(9))
    wrapping = Item(key="1:gift", quantity=1, unit_price=Decimal(2), ships=False)
    parts = {
        "head": head,
        "items": Items((item,), shipping_amount=Decimal(5), shipping_tax=Decimal(1)),
        "items:gifts": Items((wrapping,)),
        "said:1": Said({"Gift message": "For you"}, of="1"),
        "said:regulated": Said({"Verification": "Pending"}, waits=True),
        "refund:1": Refund(amount=Decimal("2.0"), currency=""),
        "fulfilled": Fulfillment(units=(Units("1", 1),)),
    }
    kept = {}
    for key in sorted(parts, reverse=True):
        kept = merged(kept, Report("1", {key: parts[key]}), at)
    known = told(kept)

    assert (known.head.shipping_amount, known.head.shipping_tax) == (5, 1)
    assert (known.head.notes, known.head.is_ready) == ("Ring\nVerification: Pending", False)
    assert [each.key for each in known.items.items] == ["1", "1:gift"]
    assert known.items.items[0].said == {"Gift message": "For you"}
    assert known.refunds["refund:1"].currency == "USD"
    assert known.fulfilled.units[0].quantity == 1


@given(st.permutations([("30.00", 1), ("20.00", 2), (None, 3), ("0", 4)]))
def test_money_that_came_in_stays_when_less_is_stated_later(said):
    reports = [
        Report(
            "1001",
            {"head": replace(HEAD, captured=None if amount is None else Decimal(amount))},
            NOON + timedelta(hours=hour),
        )
        for amount, hour in said
    ]

    kept = all_of(reports)

    assert kept == all_of(sorted(reports, key=lambda each: each.as_of))
    assert told(kept).captured == Decimal(30)


def test_an_item_that_stands_twice_counts_once_and_another_under_its_key_is_another():
    dearer = replace(TEA.items[0], unit_price=Decimal(5))
    items = Items((*TEA.items, *TEA.items, dearer))

    known = told(all_of([Report("1001", {"head": HEAD, "items": items}, NOON)]))

    assert [(item.key, item.unit_price) for item in known.items.items] == [
        ("1", Decimal("4.50")),
        ("1#2", Decimal(5)),
    ]
