"""Subscriptions for channels: the shape they rely on, and what they may not see."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.core import jobs
from oms.core.actors import SYSTEM
from orders import services
from orders.models import Order, Subscription

URL = "/api/v1/subscriptions/"
PAGE_QUERIES = 4


@pytest.fixture
def shop(world):
    return world.api("shop")


def body(world, **fields):
    world.sku("tea", price="4.50", currency="EUR")
    return {
        "external_id": "s-1",
        "currency": "EUR",
        "customer": {"external_id": "c-7", "name": "Robin Vale", "email": "robin@example.com"},
        "shipping_address": {
            "name": "Robin Vale",
            "line1": "Molenstraat 27",
            "city": "Antwerp",
            "country": "BE",
        },
        "lines": [{"sku": "tea", "quantity": 2, "unit_price": "4.00", "tax_rate": "21"}],
        "every": 2,
        "unit": "week",
        "starts_on": (timezone.now() + timedelta(days=9)).date().isoformat(),
        **fields,
    }


def post(client, said, key="k-1"):
    return client.post(URL, said, format="json", headers={"Idempotency-Key": key})


def command(client, number, verb, said=None):
    return client.post(f"{URL}{number}/{verb}/", said or {}, format="json")


def test_a_channel_begins_reads_and_commands_a_subscription(world, shop):
    said = body(world)
    made = post(shop, said)
    assert made.status_code == 201, made.content
    found = made.json()
    number = found["number"]
    assert number.startswith("SUB-")
    assert {
        key: found[key] for key in ("status", "total", "currency", "every", "unit", "channel")
    } == {
        "status": "active",
        "total": "9.68",
        "currency": "EUR",
        "every": 2,
        "unit": "week",
        "channel": "shop",
    }
    assert found["next"]["due_on"] == said["starts_on"]
    assert found["next_lines"] == found["lines"]
    assert shop.get(f"{URL}{number}/").json() == found

    assert command(shop, number, "skip").json()["next"]["index"] == 2
    assert command(shop, number, "unskip").json()["next"]["index"] == 1
    until = (timezone.now() + timedelta(days=60)).date().isoformat()
    paused = command(shop, number, "pause", {"until": until}).json()
    assert (paused["status"], paused["paused_until"]) == ("paused", until)
    assert command(shop, number, "skip").status_code == 409
    assert command(shop, number, "resume").json()["status"] == "active"
    lines = [{"sku": "tea", "quantity": 5}]
    once = command(shop, number, "lines", {"lines": lines, "once": True}).json()
    assert (once["lines"][0]["quantity"], once["next_lines"][0]["quantity"]) == (2, 5)
    assert once["next_lines"][0]["unit_price"] == "4"
    rhythm = command(shop, number, "rhythm", {"every": 1, "unit": "month"}).json()
    assert rhythm["unit"] == "month"
    address = {"shipping_address": {**said["shipping_address"], "line1": "Kaai 1"}}
    assert command(shop, number, "address", address).json()["shipping_address"]["line1"] == "Kaai 1"
    paid = {"gateway": "stripe", "payer": "cus_1", "reference": "pm_1"}
    assert command(shop, number, "payment", paid).json()["payment"]["gateway"] == "stripe"
    ended = command(shop, number, "cancel", {"reason": "Enough"}).json()
    assert (ended["status"], ended["next"]) == ("cancelled", None)
    problem = command(shop, number, "resume")
    assert (problem.status_code, problem.json()["type"]) == (
        409,
        "/problems/transition_not_allowed",
    )


def test_the_same_request_begins_one(world, shop):
    said = body(world)
    first, again = post(shop, said), post(shop, said)
    assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")
    other = post(shop, said, key="k-2")
    assert (other.status_code, other.json()["type"]) == (409, "/problems/subscription_exists")
    assert Subscription.objects.count() == 1


def test_only_what_is_needed_is_asked_for(world, shop):
    said = body(world)
    for name in ("external_id", "starts_on", "every"):
        del said[name]
    del said["lines"][0]["unit_price"], said["lines"][0]["tax_rate"]
    found = post(shop, said).json()
    assert (found["every"], found["total"]) == (1, "9.00")
    assert found["starts_on"] == timezone.now().date().isoformat()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"colour": "red"}, 400),
        ({"unit": "fortnight"}, 400),
        ({"lines": []}, 400),
        ({"time_zone": "Mars"}, 400),
        ({"every": 200, "unit": "week"}, 400),
        ({"starts_on": "2020-01-01"}, 400),
        ({"lines": [{"sku": "nope", "quantity": 1}]}, 400),
        ({"payment": {"gateway": "nobody"}}, 400),
        ({"ends_on": "2020-01-01"}, 400),
    ],
)
def test_what_cannot_be_is_refused(world, shop, fields, status):
    answer = post(shop, body(world, **fields))
    assert (answer.status_code, Subscription.objects.count()) == (status, 0), answer.content
    assert answer["content-type"] == "application/problem+json"


def test_another_channels_subscription_is_not_there(world, shop):
    number = post(shop, body(world)).json()["number"]
    other = world.api("other")
    assert other.get(URL).json()["results"] == []
    assert other.get(f"{URL}{number}/").status_code == 404
    assert command(other, number, "pause").status_code == 404
    assert Subscription.objects.get().status == "active"


def test_the_list_is_filtered_and_costs_the_same_for_one_and_three(world, shop):
    post(shop, body(world))

    def count():
        with CaptureQueriesContext(connection) as caught:
            found = shop.get(f"{URL}?status=active").json()["results"]
        return len(caught), len(found)

    assert count() == (PAGE_QUERIES, 1)
    for nth in (2, 3):
        post(shop, body(world, external_id=f"s-{nth}"), key=f"k-{nth}")
    assert count() == (PAGE_QUERIES, 3)
    assert shop.get(f"{URL}?status=paused").json()["results"] == []
    assert len(shop.get(f"{URL}?external_id=s-2").json()["results"]) == 1


def test_letters_say_what_comes_and_until_when_it_can_be_changed(world):
    world.stock("tea", rotterdam=5)
    begun = timezone.now() - timedelta(hours=30)
    subscription = world.subscription(at=begun, starts_on=begun.date(), tea=2)
    services.attend(number=subscription.number, at=timezone.now())
    order = Order.objects.get()
    services.record_delivery_payment(
        order=order.number,
        amount=order.due_amount,
        method="bank",
        reference="",
        by=SYSTEM,
        at=timezone.now(),
    )
    services.cancel_subscription(
        number=subscription.number, reason="", by=SYSTEM, at=timezone.now()
    )
    jobs.drain("mail")

    letters = {letter.subject: letter.body for letter in mail.outbox}
    assert set(letters) == {
        "Your subscription with Shop",
        f"Your delivery {subscription.number} is ordered",
        next(subject for subject in letters if subject.startswith("Paid: your delivery of")),
        f"Your subscription {subscription.number} is cancelled",
    }
    assert "2 \N{MULTIPLICATION SIGN} Tea" in letters["Your subscription with Shop"]
    assert "/s/subscription/open/" in letters["Your subscription with Shop"]


def test_the_letter_of_the_next_delivery_is_not_sent_when_it_is_skipped(world):
    now = timezone.now()
    day = (now + timedelta(days=8)).date()
    subscription = world.subscription(at=now, starts_on=day, tea=2)
    services.attend(number=subscription.number, at=now + timedelta(days=6))
    services.skip_delivery(number=subscription.number, by=SYSTEM, at=now + timedelta(days=6))
    jobs.drain("mail")
    assert [letter.subject for letter in mail.outbox] == ["Your subscription with Shop"]
