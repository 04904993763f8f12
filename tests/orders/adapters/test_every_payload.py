"""Every published document of every channel, through the door: however often, in whichever order.

`CHANNEL_PAYLOADS=FOLDER pytest tests/orders/adapters/test_every_payload.py -m full -s` posts others
and tells what became of each kind.
"""

import csv
import os
import random
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from oms.channels.models import InboundMessage
from oms.channels.states import InboundState
from oms.core import jobs
from oms.core.books import verify
from tests.concurrency.racing import race
from tests.orders.adapters.posting import (
    ADAPTERS,
    books,
    differences,
    documents,
    open_channels,
    post,
    settle,
    states,
    stock_what_is_named,
    undone,
    written_anew,
)

KEPT = Path(__file__).parents[2] / "data" / "channel_payloads"
MORE = os.environ.get("CHANNEL_PAYLOADS", "")
needs_more = pytest.mark.skipif(not MORE, reason="CHANNEL_PAYLOADS names no folder")
TOGETHER = 60


def begin(world, said):
    open_channels(world)
    stock_what_is_named(world, said)


def once_in_order(said):
    """The books after each document came once; nothing of it stays."""
    with undone() as found:
        found["table"] = table(said)
        found["books"], found["states"] = books(), states()
        assert verify() == []
    return found


def table(said):
    """Post in order; what became of how many documents, by folder and kind."""
    kinds = kinds_of(Path(MORE)) if MORE else {}
    numbers = {}
    for each in said:
        answer = post(each)
        assert answer.status_code == 200, (each.name, answer.content)
        numbers[each.folder, each.name] = answer.json()["number"]
    settle()
    found: Counter = Counter()
    for each in said:
        message = InboundMessage.objects.get(number=numbers[each.folder, each.name])
        assert message.state == InboundState.APPLIED or message.problem, each.name
        assert message.state != InboundState.STORED, each.name
        kind = kinds.get(f"{each.folder}/{each.name}", "document")
        found[each.folder, kind, message.state] += 1
        if message.state == InboundState.QUARANTINED:
            found[f"{each.folder}/{each.name}: {message.problem}"] += 1
    return found


def kinds_of(root):
    with (root / "INDEX.tsv").open() as rows:
        return {row["file"]: row["kind"] for row in csv.DictReader(rows, delimiter="\t")}


def twice_shuffled(said, seed):
    """Post each document, its bytes again, and the same written anew, in any order; the workers
    come by now and then."""
    dice = random.Random(seed)
    messages = [(each, body) for each in said for body in (None, None, written_anew(each.body))]
    dice.shuffle(messages)
    for each, body in messages:
        assert post(each, body).status_code == 200, each.name
        if dice.random() < 0.05:
            jobs.drain("inbound", limit=dice.randint(1, 40))
    settle()


def check_the_same(before):
    found = differences(before["books"], books())
    assert not found, "\n".join(found[:20])
    assert {slug for slug, state in states() if state == InboundState.STORED} == set()
    assert verify() == []


@pytest.mark.django_db
def test_documents_of_channels_make_the_same_books_in_any_order(world):
    said = [each for each in documents(KEPT) if each.adapter in ADAPTERS]
    begin(world, said)
    before = once_in_order(said)
    assert ("woocommerce", "727") in before["books"]["orders"]

    twice_shuffled(said, 7)

    check_the_same(before)


@needs_more
@pytest.mark.full
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(5))
def test_every_document_makes_the_same_books_in_any_order(world, seed):
    said = list(documents(Path(MORE)))
    begin(world, said)
    before = once_in_order(said)
    for key, count in sorted(before["table"].items(), key=str) if not seed else ():
        sys.stdout.write(f"| {' | '.join(key) if isinstance(key, tuple) else key} | {count} |\n")

    twice_shuffled(said, seed)

    check_the_same(before)


@needs_more
@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_every_document_at_once_makes_the_same_books(world):
    """Three who post and two who work, at once, each document twice."""
    said = list(documents(Path(MORE)))
    begin(world, said)
    before = once_in_order(said)
    messages = [*said, *said]
    random.Random(3).shuffle(messages)

    def posting(some):
        return [answer for each in some if (answer := post(each).status_code) != 200]

    def working():
        return [problem for _ in range(20) if (problem := jobs.drain("inbound")) is None]

    for start in range(0, len(messages), TOGETHER):
        some = messages[start : start + TOGETHER]
        works = [partial(posting, some[nth::3]) for nth in range(3)]
        assert race([*works, working, working]) == [[]] * 5
    settle()

    check_the_same(before)
