"""The feed: gap-free numbers that a reader can trust, however facts are committed."""

import threading
from functools import partial

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from oms.core import books
from oms.core.models import EventRecord
from oms.messaging.models import PublishedEvent, UnpublishedEvent, WebhookDelivery
from oms.messaging.services.relaying import publish_committed, relay
from tests.concurrency.racing import race
from tests.messaging.receiving import tell

FEED = "/api/v1/events/"


def sequences():
    return list(PublishedEvent.objects.order_by("sequence").values_list("sequence", "thread"))


def read(client, **query):
    answer = client.get(FEED, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


# ── Numbers ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_facts_get_numbers_in_the_order_in_which_they_came():
    tell("SO-1", "SO-2", "SO-1")
    assert sequences() == []

    relay()

    assert sequences() == [(1, "SO-1"), (2, "SO-2"), (3, "SO-1")]
    assert list(
        PublishedEvent.objects.order_by("pk").values_list("thread_sequence", flat=True)
    ) == [
        1,
        1,
        2,
    ]
    assert not UnpublishedEvent.objects.exists()


@pytest.mark.django_db
def test_what_is_not_for_others_and_what_is_long_past_gets_no_number():
    tell("SO-1", name="order.noted")
    tell("SO-1", name="order.placed", past=True)
    tell("SO-1", name="order.placed")

    relay()

    assert sequences() == [(1, "SO-1")]
    assert not UnpublishedEvent.objects.exists()


@pytest.mark.django_db
def test_with_nothing_to_publish_one_query_is_asked():
    with CaptureQueriesContext(connection) as asked:
        relay()

    assert len(asked) == 1


@pytest.mark.django_db
def test_a_backlog_is_worked_off_in_slices():
    tell(*[f"SO-{number}" for number in range(7)])

    assert publish_committed(limit=5)
    assert not publish_committed(limit=5)

    assert [sequence for sequence, _ in sequences()] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.django_db
def test_many_facts_cost_as_many_statements_as_one():
    tell("SO-1")
    with CaptureQueriesContext(connection) as one:
        relay()
    tell(*[f"SO-{number}" for number in range(50)])
    with CaptureQueriesContext(connection) as fifty:
        relay()

    assert len(one) == len(fifty)


@pytest.mark.django_db(transaction=True)
def test_who_has_read_up_to_a_number_never_finds_a_new_one_below_it():
    """The first to begin commits last: its fact comes after the one that was read meanwhile."""
    begun, read_meanwhile = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                tell("SO-SLOW")
                begun.set()
                assert read_meanwhile.wait(10)
        finally:
            connections.close_all()

    late = threading.Thread(target=slow)
    late.start()
    assert begun.wait(10)
    tell("SO-QUICK")
    relay()
    before = sequences()
    read_meanwhile.set()
    late.join()
    relay()

    assert before == [(1, "SO-QUICK")]
    assert sequences() == [(1, "SO-QUICK"), (2, "SO-SLOW")]
    ids = {each.thread: each.pk for each in EventRecord.objects.all()}
    assert ids["SO-SLOW"] < ids["SO-QUICK"]  # what a feed by row id would have got wrong


def _tell_and_relay(worker: int, count: int) -> int:
    for number in range(count):
        tell(f"SO-{worker}", part=number)
        relay()
    return count


@pytest.mark.django_db(transaction=True)
def test_relays_that_race_number_every_fact_once_without_a_gap():
    told = race([partial(_tell_and_relay, worker, 25) for worker in range(4)])
    relay()

    assert told == [25] * 4
    assert [sequence for sequence, _ in sequences()] == list(range(1, 101))
    for worker in range(4):
        rows = PublishedEvent.objects.filter(thread=f"SO-{worker}").order_by("sequence")
        assert [row.event.payload["part"] for row in rows.select_related("event")] == list(
            range(25)
        )
        assert [row.thread_sequence for row in rows] == list(range(1, 26))


@pytest.mark.django_db
def test_a_gap_in_the_feed_is_named():
    tell("SO-1", "SO-2", "SO-3")
    relay()
    assert [each for each in books.verify() if each.invariant.startswith("feed")] == []

    PublishedEvent.objects.filter(pk=2).delete()

    assert [each.invariant for each in books.verify()] == ["feed_has_no_gaps"]


# ── Reading ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_channel_reads_what_happened_to_its_orders_and_nothing_else(world):
    world.stock("tea", rotterdam=9)
    world.channel("other")
    ours = world.place("W-1", tea=1, paid=True)
    world.place("W-2", channel="other", tea=1)
    relay()

    page = read(world.api("shop"))

    assert {each["thread"] for each in page["results"]} == {ours.number}
    placed = page["results"][0]
    assert placed["type"] == "order.placed"
    assert placed["subject"] == placed["thread"] == placed["data"]["order"] == ours.number
    assert placed["data"]["external_id"] == "W-1"
    assert (page["next"], page["previous"]) == (None, None)
    assert "Robin" not in str(page)
    [foreign, *_] = PublishedEvent.objects.exclude(thread=ours.number)
    answer = world.api("shop").get(f"{FEED}evt_{foreign.pk}/")
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/event_not_found"


@pytest.mark.django_db
def test_an_administrators_key_reads_all_and_a_warehouse_key_nothing(world):
    tell("SO-1")
    tell("tea", name="stock.received")
    relay()
    ada, kim = world.user("ada", role="administrator"), world.user("kim", role="warehouse")

    assert [each["thread"] for each in read(world.api(user=ada))["results"]] == ["SO-1", "tea"]
    refused = world.api(user=kim).get(FEED)
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/permission_missing"


@pytest.mark.django_db
def test_reading_goes_on_after_the_last_number_page_by_page(world):
    tell(*[f"SO-{number}" for number in range(5)])
    relay()
    client = world.api(user=world.user("ada", role="administrator"))

    first = read(client, limit=2)
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()

    assert [each["sequence"] for each in first["results"]] == [1, 2]
    assert [each["sequence"] for each in second["results"]] == [3, 4]
    assert [each["sequence"] for each in third["results"]] == [5]
    assert third["next"] is None
    assert read(client, after=5)["results"] == []
    tell("SO-9")
    relay()
    assert [each["sequence"] for each in read(client, after=5)["results"]] == [6]


@pytest.mark.django_db
def test_reading_can_be_narrowed_to_types(world):
    tell("SO-1", name="order.held")
    tell("SO-1", name="order.placed")
    tell("SO-1", name="refund.failed")
    relay()
    client = world.api(user=world.user("ada", role="administrator"))

    page = read(client, type=["order.placed", "refund.failed"], limit=1)

    assert [each["type"] for each in page["results"]] == ["order.placed"]
    rest = client.get(page["next"]).json()
    assert [each["type"] for each in rest["results"]] == ["refund.failed"]


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "after=99999999999999999999"])
def test_a_query_that_is_none_is_refused(world, query):
    answer = world.api("shop").get(f"{FEED}?{query}")

    assert answer.status_code == 400


@pytest.mark.django_db
def test_a_key_without_the_scope_is_refused(world):
    assert world.api("shop", scopes=["orders"]).get(FEED).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_feed_takes_as_many_queries_for_one_as_for_three(
    world, django_assert_num_queries, count
):
    tell(*["SO-1"] * count)
    relay()
    client = world.api(user=world.user("ada", role="administrator"))

    with django_assert_num_queries(5):
        assert len(read(client)["results"]) == count


@pytest.mark.django_db
def test_an_order_is_told_without_a_statement_more(world):
    """The trigger is part of the statement that writes the fact."""
    with CaptureQueriesContext(connection) as asked:
        tell("SO-1")

    assert len([each for each in asked if "eventrecord" in each["sql"]]) == 1
    assert UnpublishedEvent.objects.count() == 1
    assert not WebhookDelivery.objects.exists()
