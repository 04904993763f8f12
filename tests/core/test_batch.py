"""Everything a request writes, in one statement; again when the ground has moved."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.core import sql
from oms.core.batch import ATTEMPTS, Again, current, in_one_go, pending, record
from oms.core.errors import Busy
from oms.core.ids import BLOCK, Block
from oms.core.models import EventRecord, Job

pytestmark = pytest.mark.django_db


def fact(name="order.placed", **payload):
    return EventRecord(
        name=name,
        thread="SO-1",
        subject="SO-1",
        actor="user:kim",
        payload=payload,
        happened_at=timezone.now(),
    )


def job(key):
    now = timezone.now()
    return Job(kind="mail", key=key, due_at=now, created_at=now)


def test_rows_of_several_tables_are_written_by_one_statement():
    def work():
        record(fact(), job("a"))
        record(fact(), job("b"))

    with CaptureQueriesContext(connection) as queries:
        in_one_go(work)

    inserts = [each["sql"] for each in queries if "INSERT" in each["sql"]]
    assert len(inserts) == 1
    assert EventRecord.objects.count() == 2
    assert sorted(Job.objects.values_list("key", flat=True)) == ["a", "b"]


def test_keys_are_known_at_once_and_in_order():
    rows = [fact(), fact()]

    def work():
        record(*rows)
        assert pending(EventRecord) == rows
        assert rows[1].pk == rows[0].pk + 1

    in_one_go(work)
    assert list(EventRecord.objects.order_by("id")) == rows


def test_what_is_written_reads_back_as_it_was_given():
    given = fact(word="Ünïcødé ✓", number=1.5, nothing=None, nested={"a": [1, "2"]})

    in_one_go(lambda: record(given))

    kept = EventRecord.objects.get()
    assert kept.payload == given.payload
    assert kept.happened_at == given.happened_at


def test_outside_a_batch_rows_are_written_at_once():
    record(fact())

    assert EventRecord.objects.count() == 1


def test_when_the_ground_moves_all_of_it_is_done_again():
    tries = []

    def work():
        batch = current()
        tries.append(batch.attempt)
        record(fact(attempt=batch.attempt))
        if batch.attempt < 2:
            batch.close_with(lost, [1])

    def lost(items):
        raise Again

    in_one_go(work)

    assert tries == [0, 1, 2]
    assert EventRecord.objects.get().payload == {"attempt": 2}


def test_who_never_gets_his_turn_is_told_so():
    tries = []

    def work():
        tries.append(current().is_last)
        raise Again

    with pytest.raises(Busy):
        in_one_go(work)

    assert tries == [False] * (ATTEMPTS - 1) + [True]


def test_a_refusal_undoes_everything_and_is_not_tried_again():
    def work():
        record(fact())
        raise Busy

    with pytest.raises(Busy):
        in_one_go(work)

    assert EventRecord.objects.count() == 0


def test_a_block_that_was_begun_ends_before_the_next_one():
    [(first,)] = sql.run("SELECT nextval('core_ids')")
    ids = Block(after=first)

    taken = [ids.take() for _ in range(BLOCK + 1)]

    assert taken[: BLOCK - 1] == list(range(first + 1, first + BLOCK))
    assert taken[BLOCK - 1] >= first + BLOCK
    assert len(set(taken)) == BLOCK + 1
