"""What an answer means and when it is asked again, on plain values."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from oms.core.sealing import SealBroken, is_current, seal, unseal
from oms.messaging.rules import retrying, signing
from oms.messaging.rules.facts import PERSONAL, PUBLIC_FACTS, public_data
from oms.messaging.rules.retrying import Verdict, judge, next_try, pause, requested_wait
from tests.architecture.test_reactions import EVENTS

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.DELIVERED),
        (204, Verdict.DELIVERED),
        (301, Verdict.FAILED),
        (400, Verdict.FAILED),
        (410, Verdict.GONE),
        (429, Verdict.FAILED),
        (500, Verdict.FAILED),
    ],
)
def test_every_status_has_a_meaning(status, verdict):
    assert judge(status, {}, at=NOON).verdict is verdict


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Fri, 20 Nov 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Fri, 20 Nov 2026 11:00:00 GMT", None),
        ("99999999999999", timedelta(hours=6)),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_has_an_end(said, wait):
    assert requested_wait({"Retry-After": said}, at=NOON) == wait


def test_waiting_doubles_up_to_six_hours_and_ends_after_three_days():
    at, waits = NOON, []
    while due := next_try(asked_at=NOON, at=at):
        waits.append(due - at)
        at = due

    assert waits[:4] == [timedelta(seconds=each) for each in (5, 5, 10, 20)]
    assert max(waits) == timedelta(hours=6)
    assert at == NOON + timedelta(hours=72)
    assert 20 <= len(waits) <= 30


def test_five_failures_in_a_row_pause_an_endpoint_ever_longer_up_to_half_an_hour():
    assert [retrying.is_paused_after(count) for count in (4, 5)] == [False, True]
    assert [pause(count).total_seconds() for count in (5, 6, 7, 20, 10_000)] == [
        60,
        120,
        240,
        1800,
        1800,
    ]


def test_the_signature_is_that_of_the_standard():
    """The example of the Standard Webhooks specification's libraries."""
    secret = signing.read_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    headers = signing.headers(
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
        secrets_in_force=[secret],
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_shown_as_the_standard_writes_it():
    secret = signing.new_secret()

    assert signing.read_secret(signing.shown(secret)) == secret
    assert signing.shown(secret).startswith("whsec_")
    assert len(secret) == 32


def test_what_speaks_of_people_stays_here_wherever_it_stands():
    facts = {
        "amount": "5.00",
        "email": "robin@example.com",
        "units": {"tea": 2},
        "parts": [{"number": "FO-1", "name": "Robin Vale"}],
        "address": {"line1": "Molenstraat 27"},
    }

    data = public_data(thread="SO-1", subject="FO-1", facts=facts)

    assert data == {
        "subject": "FO-1",
        "thread": "SO-1",
        "order": "SO-1",
        "amount": "5.00",
        "units": {"tea": 2},
        "parts": [{"number": "FO-1"}],
    }


@pytest.mark.parametrize("name", PUBLIC_FACTS)
def test_a_public_fact_is_told_and_loses_nothing_but_what_people_wrote(name):
    fields = {each.name for each in dataclasses.fields(EVENTS[name])}

    assert fields & PERSONAL <= {"message"}


def test_what_is_sealed_opens_here_and_nowhere_else(settings):
    sealed = seal(b"secret of forty bytes, longer than a block", purpose="test")

    assert unseal(sealed, purpose="test") == b"secret of forty bytes, longer than a block"
    assert seal(b"x", purpose="test") != seal(b"x", purpose="test")
    with pytest.raises(SealBroken):
        unseal(sealed, purpose="something else")
    with pytest.raises(SealBroken):
        unseal(("A" if sealed[0] != "A" else "B") + sealed[1:], purpose="test")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    with pytest.raises(SealBroken):
        unseal(sealed, purpose="test")
    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal(sealed, purpose="test").startswith(b"secret")
    assert not is_current(sealed, purpose="test")
