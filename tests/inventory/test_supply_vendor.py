"""The supplier's page: no sign-in, no customer, and its word taken as it was given."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from inventory import services
from inventory.models import Commitment, ReplenishmentLine
from inventory.selectors import supplier_url
from oms.core.actors import SYSTEM


def text(response):
    return " ".join(response.content.decode().split())


def link(order):
    order.refresh_from_db()
    return "/supplier/" + supplier_url(order).rpartition("/")[2]


def day(ahead):
    return timezone.localdate() + timedelta(days=ahead)


def standing():
    found = Commitment.objects.filter(withdrawn_at=None).order_by("expected_on")
    return [(each.quantity, each.expected_on, each.committed_by) for each in found]


@pytest.fixture
def order(world):
    return world.ordered_from_supplier(tea=10)


@pytest.fixture
def pk(order):
    return order.lines.get().pk


def test_the_page_shows_what_is_missing_and_nothing_of_customers(world, order, client):
    world.place(tea=3)

    answer = client.get(link(order))

    shown = text(answer)
    assert "10 units to come" in shown
    assert "3 needed at once" in shown
    assert "Robin" not in shown
    assert "SO-" not in shown
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_supplier_commits_in_parts_and_corrects_itself(order, pk, client):
    form = {
        f"units-{pk}-0": "4",
        f"day-{pk}-0": day(2).isoformat(),
        f"units-{pk}-1": "6",
        f"day-{pk}-1": day(9).isoformat(),
    }

    answer = client.post(link(order), form, follow=True)

    assert "We have your answer." in text(answer)
    assert standing() == [(4, day(2), "supplier:leaf"), (6, day(9), "supplier:leaf")]
    assert f'value="{day(9).isoformat()}"' in text(client.get(link(order)))
    form = {f"units-{pk}-0": "4", f"day-{pk}-0": day(3).isoformat(), f"declined-{pk}": "on"}
    client.post(link(order), {**form, f"note-{pk}": "Sencha instead?"})
    assert standing() == [(4, day(3), "supplier:leaf")]
    line = ReplenishmentLine.objects.get()
    assert (line.is_declined, line.answer_note) == (True, "Sencha instead?")


def test_an_empty_answer_takes_no_earlier_one_back(order, pk, client):
    client.post(link(order), {f"units-{pk}-0": "4", f"day-{pk}-0": day(2).isoformat()})
    assert "You answered on" in text(client.get(link(order)))

    empty = client.post(link(order), {f"units-{pk}-0": "", f"day-{pk}-0": ""})

    assert empty.status_code == 422
    assert "Say how many and when, or that they will not come." in text(empty)
    assert standing() == [(4, day(2), "supplier:leaf")]
    client.post(link(order), {f"note-{pk}": "We shall know next week."})
    assert standing() == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Give a day for at least one line."),
        ({"units-0": "4"}, "Say when they arrive."),
        ({"day-0": 3}, "Say how many."),
        ({"units-0": "4", "day-0": -1}, "Give a day from today on."),
        ({"units-0": "8", "day-0": 1, "units-1": "3", "day-1": 2}, "Together 11, but only 10"),
        ({"units-0": "4", "day-0": "soon"}, "Enter a valid date."),
        ({"units-0": "many", "day-0": 1}, "Enter a whole number."),
    ],
)
def test_what_cannot_be_taken_is_said_by_the_field(order, pk, client, said, words):
    form = {}
    for name, value in said.items():
        kind, _, nth = name.partition("-")
        form[f"{kind}-{pk}-{nth}"] = day(value).isoformat() if isinstance(value, int) else value

    answer = client.post(link(order), form)

    assert answer.status_code == 422
    assert words in text(answer)
    assert standing() == []
    order.refresh_from_db()
    assert order.status == "sent"


def test_links_that_are_forged_revoked_or_over_all_get_the_same_answer(order, client):
    old = link(order)
    services.revoke_supplier_link(number=order.number, by=SYSTEM, at=timezone.now())
    newer = link(order)
    gone = [client.get(old), client.get("/supplier/x.y"), client.post(old, {})]
    assert client.get(newer).status_code == 200

    services.cancel_replenishment(number=order.number, reason="", by=SYSTEM, at=timezone.now())
    gone.append(client.get(newer))

    assert {answer.status_code for answer in gone} == {404}
    assert len({text(answer) for answer in gone}) == 1


def test_when_everything_has_come_there_is_nothing_left_to_say(order, pk, client):
    services.receive_replenishment(
        number=order.number,
        counts=[services.Count("tea", 10)],
        key="k",
        by=SYSTEM,
        at=timezone.now(),
    )

    assert "Everything has arrived" in text(client.get(link(order)))
    form = {f"units-{pk}-0": "1", f"day-{pk}-0": day(1).isoformat()}
    assert client.post(link(order), form).status_code == 422
    assert standing() == []


def test_a_post_from_another_site_is_refused(order, pk):
    stranger = Client(enforce_csrf_checks=True)

    answer = stranger.post(link(order), {f"units-{pk}-0": "1", f"day-{pk}-0": day(1).isoformat()})

    assert answer.status_code == 403
    assert standing() == []
