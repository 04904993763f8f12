"""Rows of many are copied, and read back as if each had been inserted."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.core import batch
from oms.core.batch import in_one_go, record
from oms.core.models import EventRecord, Job
from oms.core.rows import new

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture(autouse=True)
def _copied(monkeypatch):
    monkeypatch.setattr(batch, "COPIED_FROM", 1)


def fact(thread, **payload):
    return new(
        EventRecord,
        name="order.placed",
        thread=thread,
        subject="SO-1",
        actor="user:kim",
        payload=payload,
        happened_at=AT,
    )


def job(key, **values):
    return new(Job, kind="mail", key=key, due_at=AT, created_at=AT, **values)


def written(*rows):
    with CaptureQueriesContext(connection) as queries:
        in_one_go(lambda: record(*rows))
    said = [each["sql"] for each in queries]
    return [each for each in said if each.startswith("COPY") or "INSERT" in each]


@pytest.mark.parametrize(
    "said",
    [
        "", " ", "plain", 'He said "yes", twice', "two\nlines", "\r\n", "a,b;c\td", "\\N", "\\",
        "\\.", '"', '""', "{}", "Ünïcødé ✓ 茶 شاي", "null", "'; DROP TABLE core_job; --", "a\\nb",
    ],
)  # fmt: skip
def test_any_text_reads_back_as_it_was_given(said):
    statements = written(fact(said[:40], said=said, deep=[{said: None}]))

    kept = EventRecord.objects.get()
    assert (kept.thread, kept.payload) == (said[:40], {"said": said, "deep": [{said: None}]})
    assert [each.split()[0] for each in statements] == ["COPY"]


def test_a_line_that_would_end_the_data_on_older_servers_is_inserted_instead():
    statements = written(fact("a\n\\.\nb"), job("after"))

    assert EventRecord.objects.get().thread == "a\n\\.\nb"
    assert Job.objects.get().key == "after"
    assert sorted(each.split()[0] for each in statements) == ["COPY", "WITH"]


def test_numbers_times_and_nothing_read_back_as_they_were_given():
    later = AT + timedelta(microseconds=1)
    token = uuid.uuid4()
    written(job("a"), job("b", lease_until=later, lease_token=token, attempts=3))
    written(fact("SO-1", amount=Decimal("10.00"), at=later))

    a, b = Job.objects.order_by("key")
    assert (a.lease_until, a.lease_token, a.attempts, a.payload) == (None, None, 0, {})
    assert (b.lease_until, b.lease_token, b.attempts) == (later, token, 3)
    assert EventRecord.objects.get().payload == {
        "amount": "10.00",
        "at": later.isoformat().replace("+00:00", "Z"),
    }


def test_each_table_takes_one_statement_however_many_rows():
    statements = written(*(fact(f"SO-{n}") for n in range(30)), *(job(str(n)) for n in range(20)))

    assert [each.split()[0] for each in statements] == ["COPY", "COPY"]
    assert (EventRecord.objects.count(), Job.objects.count()) == (30, 20)


def test_rows_that_were_copied_are_known_to_be_written():
    row = job("a")
    written(row)

    assert row._state.adding is False
    row.attempts = 2
    row.save()
    assert Job.objects.get().attempts == 2
