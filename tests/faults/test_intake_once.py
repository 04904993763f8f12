"""An order is taken in once, whatever happens to the request (rows B of the table of faults)."""

import json
import os
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from oms.channels.models import IdempotencyRecord
from oms.channels.services import claims
from oms.core import books
from orders.models import Order
from tests.concurrency.racing import race

URL = "/api/v1/orders/"


def post(api, body, key="k", url=URL, **headers):
    return api.post(url, body, format="json", headers={"Idempotency-Key": key, **headers})


@pytest.mark.django_db
def test_b1_the_same_five_times_is_one_order_and_the_same_words(world):
    api, body = world.api(), world.order_body("1", tea=1)

    first, *repeats = [post(api, body) for _ in range(5)]

    assert first.status_code == 201
    assert {each.status_code for each in repeats} == {200}
    assert {each.content for each in repeats} == {first.content}
    assert {each["Idempotent-Replayed"] for each in repeats} == {"true"}
    assert Order.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key", ["", "k" * 256, "a\nb", "a\r\nX: y", "a\0b", "😀", "one, two", "\x7f"],
)  # fmt: skip
def test_b7_a_key_that_is_none_is_refused(world, key):
    body = world.order_body("1", tea=1)

    answer = world.api().post(URL, body, format="json", HTTP_IDEMPOTENCY_KEY=key)

    assert answer.status_code == 400
    assert answer.json()["type"] in {"/problems/key_malformed", "/problems/nul_character"}
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_b10_a_worker_that_dies_before_it_answers_has_placed_the_order(world):
    api, body = world.api(), world.order_body("1", tea=1)
    world.stock("tea", rotterdam=5)

    def place_and_die():
        post(api, body)
        os._exit(9)

    died(place_and_die)
    again = post(api, body)

    assert again.status_code == 200
    assert again["Idempotent-Replayed"] == "true"
    assert Order.objects.get().external_id == "1"
    assert world.available("tea") == {"rotterdam": 4}
    assert not books.verify()


@pytest.mark.django_db(transaction=True)
def test_b11_a_worker_that_dies_before_it_commits_leaves_nothing_in_the_way(world, monkeypatch):
    api, body = world.api(), world.order_body("1", tea=1)
    world.stock("tea", rotterdam=5)

    def place_and_die():
        monkeypatch.setattr(claims, "compact", lambda body: os._exit(9))
        post(api, body)

    died(place_and_die)
    assert not Order.objects.exists()
    assert not IdempotencyRecord.objects.exists()
    again = post(api, body)

    assert again.status_code == 201
    assert world.available("tea") == {"rotterdam": 4}
    assert not books.verify()


def died(work):
    """Run `work` in a process that ends in the middle of it."""
    connections.close_all()
    child = os.fork()
    if not child:
        connections["default"].connection = None
        work()
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9
    connection.ensure_connection()


@pytest.mark.django_db
def test_b12_half_a_body_places_nothing_and_the_whole_one_does(world):
    api, body = world.api(), world.order_body("1", tea=1)
    whole = json.dumps(body)

    half = api.post(
        URL, whole[: len(whole) // 2], content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )  # fmt: skip

    assert half.status_code == 400
    assert not Order.objects.exists()
    assert post(api, body).status_code == 201


@pytest.mark.django_db
def test_b13_the_order_of_keys_and_white_space_say_nothing(world):
    api, body = world.api(), world.order_body("1", tea=1)
    first = post(api, body)
    otherwise = json.dumps(dict(reversed(body.items())), indent=3)

    again = api.post(
        URL, otherwise, content_type="application/json", headers={"Idempotency-Key": "k"}
    )

    assert (again.status_code, again.content) == (200, first.content)


@pytest.mark.django_db
def test_b14_a_key_that_is_forgotten_still_makes_no_second_order(world):
    api, body = world.api(), world.order_body("1", tea=1)
    first = post(api, body)
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(days=31))
    IdempotencyRecord.objects.all().delete()

    again = post(api, body)

    assert again.status_code == 200
    assert again.json()["number"] == first.json()["number"]
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_b17_the_same_batch_sent_by_three_at_once_places_each_order_once(world):
    world.stock("tea", rotterdam=100)
    api = world.api()
    body = {"orders": [world.order_body(f"{n}", tea=1) for n in range(20)]}

    def send():
        return post(api, body, "batch", "/api/v1/orders/bulk/").content

    answers = race([send] * 3)

    assert len(set(answers)) == 1
    assert Order.objects.count() == 20
    assert world.available("tea") == {"rotterdam": 80}
    assert not books.verify()
