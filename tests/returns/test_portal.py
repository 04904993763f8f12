"""How customers start a return: who is let in, what they may choose, what they are told."""

import re

import pytest

from oms.core.actors import SYSTEM
from oms.core.models import EventRecord
from orders import selectors, services
from returns.models import ReturnAuthorization
from returns.views import portal

START = "/returns/start/"


@pytest.fixture(autouse=True)
def _answer_at_once(monkeypatch):
    monkeypatch.setattr(portal, "ANSWER_AFTER", 0)


def knock(client, number, email="robin@example.com"):
    return client.post(START, {"number": number, "email": email})


def body(response):
    """The page without the parts that differ from one request to the next."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())


@pytest.mark.parametrize("number", ["number", "external_id"])
def test_a_customer_asks_for_a_return_without_signing_in(client, shipped, number):
    order = shipped(tea=3)
    [line] = order.lines.all()

    let_in = knock(client, getattr(order, number), " Robin@Example.com ".strip())
    assert let_in.url == f"{START}{order.number}/"
    asked = client.post(
        let_in.url,
        {f"units-{line.pk}": "2", f"reason-{line.pk}": "damaged", f"comment-{line.pk}": "dented"},
    )

    document = ReturnAuthorization.objects.get()
    assert asked.url == f"{START}{order.number}/{document.number}/"
    assert document.requested_by == f"customer:{order.number}"
    made = document.lines.get()
    assert (made.quantity, made.reason, made.comment) == (2, "damaged", "dented")
    assert "We have your request" in client.get(asked.url).content.decode()
    assert EventRecord.objects.get(name="return.requested").thread == order.number


def test_a_wrong_address_and_an_unknown_number_get_the_same_answer(client, shipped):
    order = shipped(tea=1)

    wrong = knock(client, order.number, "eve@example.com")
    unknown = knock(client, "SO-9" + "0" * (len(order.number) - 4), "eve@example.com")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    shown = [
        body(each).replace(number, "N")
        for each, number in (
            (wrong, order.number),
            (unknown, "SO-9" + "0" * (len(order.number) - 4)),
        )
    ]
    assert shown[0] == shown[1]


def test_wrong_answers_take_their_time(client, shipped, monkeypatch):
    waited = []
    monkeypatch.setattr(portal, "ANSWER_AFTER", 100)
    monkeypatch.setattr(portal.time, "sleep", waited.append)
    order = shipped(tea=1)

    knock(client, order.number, "eve@example.com")
    knock(client, "SO-1", "eve@example.com")

    assert [99 < each <= 100 for each in waited] == [True, True]


def test_after_five_tries_even_the_right_answer_waits(client, shipped):
    order = shipped(tea=1)
    for _ in range(4):
        assert knock(client, "SO-1").status_code == 422
    assert knock(client, order.number).status_code == 302

    limited = knock(client, order.number)

    assert limited.status_code == 429
    assert limited["Retry-After"] == "900"
    elsewhere = client.post(
        START, {"number": order.number, "email": order.email}, REMOTE_ADDR="203.0.113.9"
    )
    assert elsewhere.status_code == 302


def test_one_place_cannot_try_address_after_address(client, shipped):
    order = shipped(tea=1)

    said = [knock(client, order.number, f"eve{n}@example.com").status_code for n in range(32)]

    assert said == [422] * 30 + [429] * 2


def test_nobody_sees_an_order_they_do_not_know(client, shipped, desk):
    mine, other = shipped(tea=1), shipped(tea=1)
    number = desk.request(other, tea=1).number
    knock(client, mine.number)

    assert client.get(f"{START}{other.number}/").status_code == 404
    assert client.get(f"{START}{other.number}/{number}/").status_code == 404
    assert client.get(f"{START}{mine.number}/{number}/").status_code == 404
    assert client.get(f"{START}{mine.number}/").status_code == 200


def test_who_comes_from_the_status_page_is_known(client, shipped):
    order = shipped(tea=1)
    client.get(selectors.status_url(order))

    answer = client.get(f"{START}?order={order.number}")

    assert answer.url == f"{START}{order.number}/"
    assert client.get(answer.url).status_code == 200
    assert client.get(f"{START}?order=SO-1").status_code == 200


def test_a_link_that_is_revoked_closes_the_return_it_opened_and_no_other_link_opens_it_again(
    client, shipped
):
    order, other = shipped(tea=1), shipped(tea=1)
    client.get(selectors.status_url(order))
    assert client.get(f"{START}{order.number}/").status_code == 200

    services.revoke_status_link(number=order.number, by=SYSTEM)
    client.get(selectors.status_url(other))

    assert client.get(f"{START}{order.number}/").status_code == 404
    assert client.get(f"{START}?order={order.number}").status_code == 200
    assert client.get(f"{START}{other.number}/").status_code == 200
    knock(client, order.number)
    assert client.get(f"{START}{order.number}/").status_code == 200


def test_what_is_chosen_wrong_is_said_at_the_field(client, shipped):
    order = shipped(tea=1)
    [line] = order.lines.all()
    knock(client, order.number)
    at = f"{START}{order.number}/"

    for said, words in [
        ({}, "how many come back"),
        ({f"units-{line.pk}": "1"}, "Say why it comes back."),
        ({f"units-{line.pk}": "2", f"reason-{line.pk}": "late"}, "less than or equal to 1"),
    ]:
        answer = client.post(at, said)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not ReturnAuthorization.objects.exists()


def test_pages_are_kept_out_of_caches(client, shipped):
    order = shipped(tea=1)
    knock(client, order.number)

    for path in (START, f"{START}{order.number}/"):
        assert "no-store" in client.get(path)["Cache-Control"]
