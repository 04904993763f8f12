"""Documents that nobody has seen: read or refused in words, and never a wrong amount unseen."""

import json
import os
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oms.channels.models import InboundMessage
from oms.channels.states import InboundState
from oms.core.books import verify
from orders.adapters.merging import Told, merged, told
from orders.adapters.messages import Message, Unreadable
from orders.adapters.registry import adapter_of, read
from orders.models import ChannelOrder, Order
from orders.services.following.wanting import mismatch, wanted_of, words_of
from orders.states import OrderStatus
from tests.orders.adapters.posting import (
    Posted,
    books,
    differences,
    documents,
    open_channels,
    post,
    settle,
    stock_what_is_named,
    undone,
)
from tests.orders.adapters.unseen import bytes_of, mutated, seeds

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
MORE = os.environ.get("CHANNEL_PAYLOADS", "")


def all_seeds():
    found = seeds()
    if MORE:
        for each in documents(Path(MORE)):
            body = each.body
            is_xml = each.adapter == "shipstation"
            found.append((each.adapter, body.decode() if is_xml else json.loads(body)))
    return found


def reports_of(adapter, body):
    """What is read, twice the same; nothing when it is refused in words."""
    message = Message(body, {}, NOW)
    adapter_of(adapter).envelope(message)
    try:
        reading = read(adapter_of(adapter), message)
    except Unreadable:
        return []
    assert read(adapter_of(adapter), message) == reading
    assert reading.reports or reading.fetches or reading.ignored
    return list(reading.reports)


def check(adapter, document, dice):
    """A document changed twice: both are read, kept in either order, and told to a coin."""
    first, second = (reports_of(adapter, bytes_of(mutated(document, dice))) for _ in range(2))
    known = {}
    for order in {report.order for report in (*first, *second)}:
        said = [each for each in (*first, *second) if each.order == order]
        one, other = {}, {}
        for report in said:
            one = merged(one, report, NOW)
        for report in reversed(said):
            other = merged(other, report, NOW)
        assert merged(one, said[0], NOW) == one
        # Text as the database gives it back.
        assert json.loads(json.dumps(one, default=str)) == json.loads(
            json.dumps(other, default=str)
        )
        known[order] = told(one)
        check_amounts(known[order])
    return known


def check_amounts(said: Told):
    if said.head is None or said.items is None:
        return
    ours, reason = wanted_of(said).total(said.head.currency), mismatch(said, "Shop")
    words_of(said)
    assert bool(reason) == (said.head.total is not None and said.head.total != ours)
    assert all(item.quantity >= 0 for item in said.items.items)


def test_changed_documents_are_read_or_refused():
    dice = random.Random(11)
    found = seeds()
    for _ in range(600):
        check(*dice.choice(found), dice)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(10))
def test_fifty_thousand_changed_documents_are_read_or_refused(seed):
    dice = random.Random(seed)
    found = all_seeds()
    for _ in range(5_000):
        check(*dice.choice(found), dice)


def story(dice, found):
    """Some documents, each with changed ones of it."""
    said = []
    for adapter, document in dice.sample(found, 4):
        bodies = [bytes_of(document), *(bytes_of(mutated(document, dice)) for _ in range(2))]
        said += [Posted("unseen", adapter, adapter, body) for body in bodies]
    return said


def take(said):
    """What is left in the books after these, in this order; nothing of it stays."""
    with undone() as found:
        for each in said:
            answer = post(each)
            assert answer.status_code == 200, answer.content
        settle()
        check_messages()
        check_orders()
        assert verify() == []
        found.update(books())
    return found


def check_messages():
    """None is left, and none is laid aside but for what was refused in words."""
    assert not InboundMessage.objects.filter(state=InboundState.STORED).exists()
    for message in InboundMessage.objects.filter(state=InboundState.QUARANTINED):
        if "It only points at" in message.problem:
            continue
        said = Message(bytes(message.body), {}, NOW)
        assert is_refused(adapter_of(message.channel.adapter), said), message.problem


def is_refused(adapter, said):
    try:
        read(adapter, said)
    except Unreadable:
        return True
    return False


def check_orders():
    """One order for each of the channel's, and a total that differs is held with the sum."""
    orders = list(Order.objects.values_list("channel", "external_id"))
    assert len(orders) == len(set(orders))
    kept = ChannelOrder.objects.filter(order__status=OrderStatus.OPEN, state="in_step")
    for each in kept.select_related("order"):
        said = told(each.parts)
        if said.head and said.head.total is not None:
            holds = each.order.holds.filter(kind="total_mismatch", released_at=None)
            is_held = each.order.total_amount != said.head.total
            assert holds.exists() == is_held, (each.external_id, each.order.total_amount)


def try_one(world, seed, found):
    dice = random.Random(seed)
    said = story(dice, found)
    open_channels(world)
    stock_what_is_named(world, said)
    shuffled = [*said, *dice.sample(said, 3)]
    dice.shuffle(shuffled)
    one, other = take(said), take(shuffled)
    if not any(is_patchy(each) for each in said):
        differing = differences(one, other)
        assert not differing, "\n".join([str(seed), *differing[:10]])


def is_patchy(posted):
    """Whether it tells of orders without saying as of when: then the last that came stands."""
    try:
        reading = adapter_of(posted.adapter).read(Message(posted.body, {}, NOW))
    except Unreadable:
        return False
    return any(report.as_of is None for report in reading.reports)


@pytest.mark.django_db
def test_changed_documents_leave_books_that_add_up(world):
    try_one(world, 5, seeds())


@pytest.mark.full
@pytest.mark.django_db
@pytest.mark.parametrize("ten", range(20))
def test_changed_documents_leave_books_that_add_up_two_hundred_times(world, ten):
    found = all_seeds()
    for seed in range(ten * 10, ten * 10 + 10):
        with undone():
            try_one(world, seed, found)
