"""What is sent is signed, with secrets that change without a gap."""

from datetime import timedelta

import pytest
from django.utils import timezone

from oms.messaging import services
from oms.messaging.models import WebhookEndpoint
from tests.messaging.delivering import KIM, add, work
from tests.messaging.delivering import receiver as receiver
from tests.messaging.receiving import tell

pytestmark = pytest.mark.django_db


def test_a_changed_id_time_or_body_is_not_signed(receiver):
    _, secret = add(receiver)
    tell("SO-1")
    work()
    [got] = receiver.got

    assert got.is_signed_by(secret)
    for header in ("webhook-id", "webhook-timestamp"):
        changed = {**got.headers, header: got.headers[header] + "0"}
        assert not type(got)(changed, got.body, 200).is_signed_by(secret)
    assert not type(got)(got.headers, got.body + b" ", 200).is_signed_by(secret)


def test_a_secret_that_was_replaced_signs_beside_the_new_one_for_a_day(receiver):
    endpoint, old = add(receiver)
    new = services.rotate_secret(endpoint=endpoint, by=KIM, at=timezone.now()).secret
    tell("SO-1")
    work()
    [got] = receiver.got
    assert got.is_signed_by(old)
    assert got.is_signed_by(new)

    WebhookEndpoint.objects.get().secrets.filter(expires_at__isnull=False).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    tell("SO-1")
    work()

    assert not receiver.got[1].is_signed_by(old)
    assert receiver.got[1].is_signed_by(new)


def test_rotating_twice_does_not_cut_off_who_missed_the_first_answer(receiver):
    endpoint, first = add(receiver)
    services.rotate_secret(endpoint=endpoint, by=KIM, at=timezone.now())
    services.rotate_secret(endpoint=endpoint, by=KIM, at=timezone.now())
    tell("SO-1")
    work()

    assert receiver.got[0].is_signed_by(first)


def test_a_secret_lies_sealed_in_the_database(receiver):
    _, secret = add(receiver)

    sealed = WebhookEndpoint.objects.get().secrets.get().sealed

    assert secret.removeprefix("whsec_").rstrip("=") not in sealed


def test_the_key_in_force_may_be_changed_while_the_old_one_is_known(receiver, settings):
    _, secret = add(receiver)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [settings.SECRET_KEY]
    services.clear_webhooks(at=timezone.now())
    settings.SECRET_KEY_FALLBACKS = []
    tell("SO-1")

    work()

    assert receiver.got[0].is_signed_by(secret)


def test_a_ping_is_signed_and_says_so(receiver):
    endpoint, secret = add(receiver)
    services.ping(endpoint=endpoint, by=KIM, at=timezone.now())

    work()

    [got] = receiver.got
    assert got.is_signed_by(secret)
    assert got.message == {"type": "webhook.ping", "data": {"endpoint": endpoint}}
    assert got.id.startswith("ping_")
