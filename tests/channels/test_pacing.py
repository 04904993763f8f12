"""A channel that calls too often is told to wait; no other channel feels it."""

import os

import pytest

from oms.channels.models import Channel
from oms.core import buckets
from orders.models import Order


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

    monkeypatch.setattr(buckets.time, "monotonic", lambda: Clock.now)
    return Clock


def taken(key, count, **limit):
    return sum(buckets.wait_for(key, **limit) == 0 for _ in range(count))


def test_a_burst_is_let_through_and_then_the_rate_counts(clock):
    assert taken(1, 20, per_minute=60, burst=5) == 5
    assert buckets.wait_for(1, per_minute=60, burst=5) == pytest.approx(1.0)
    clock.now += 3
    assert taken(1, 20, per_minute=60, burst=5) == 3
    clock.now += 3600
    assert taken(1, 20, per_minute=60, burst=5) == 5


def test_a_bucket_of_another_does_not_matter_nor_does_one_that_shares_its_slot(clock):
    assert taken(1, 9, per_minute=60, burst=5) == 5
    assert taken(2, 9, per_minute=60, burst=5) == 5
    assert taken(1 + buckets.SLOTS, 9, per_minute=60, burst=5) == 5
    assert taken(1, 9, per_minute=60, burst=5) == 0


def test_without_a_burst_a_minute_s_worth_may_come_at_once(clock):
    assert taken(1, 99, per_minute=30) == 30
    assert taken(1, 99, per_minute=0) == 99


def test_processes_that_were_forked_share_the_count_exactly():
    workers, each = 4, 500
    reader, writer = os.pipe()
    for _ in range(workers):
        if os.fork() == 0:
            got = taken(7, each, per_minute=1, burst=700)
            os.write(writer, got.to_bytes(4))
            os._exit(0)
    for _ in range(workers):
        os.wait()
    counts = [int.from_bytes(os.read(reader, 4)) for _ in range(workers)]

    assert sum(counts) == 700


def test_only_the_channel_that_calls_too_often_is_answered_429(world):
    world.stock("tea", rotterdam=50)
    busy, calm = world.api("busy"), world.api("calm")
    Channel.objects.filter(slug="busy").update(requests_per_minute=60, burst=10)

    answers = [busy.get("/api/v1/orders/") for _ in range(100)]

    statuses = [each.status_code for each in answers]
    assert statuses[:10] == [200] * 10
    assert statuses.count(429) >= 85
    refused = answers[-1]
    assert refused["Content-Type"] == "application/problem+json"
    assert 1 <= int(refused["Retry-After"]) <= 60
    body = refused.json()
    assert (body["type"], body["status"], body["limit"]) == (
        "/problems/too_many_requests",
        429,
        60,
    )
    assert {calm.get("/api/v1/orders/").status_code for _ in range(20)} == {200}


def test_an_order_that_is_refused_for_its_rate_leaves_nothing_and_comes_in_later(world, clock):
    world.stock("tea", rotterdam=50)
    shop = world.api("shop")
    Channel.objects.update(requests_per_minute=60, burst=1)

    def post(number):
        body = world.order_body(str(number), tea=1)
        key = {"HTTP_IDEMPOTENCY_KEY": f"k-{number}"}
        return shop.post("/api/v1/orders/", body, format="json", **key).status_code

    assert [post(1), post(2)] == [201, 429]
    assert Order.objects.count() == 1
    clock.now += 1
    assert post(2) == 201


def test_the_door_for_messages_has_the_same_limit(world, clock):
    shop = world.api("shop")
    Channel.objects.update(requests_per_minute=60, burst=2)

    answers = [shop.post("/api/v1/inbound/shop/", {"n": n}, format="json") for n in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "1"
