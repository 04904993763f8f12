"""Messages as channels send them: signed, repeated, spoilt."""

import json
import time
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from oms.channels.models import InboundTraffic
from oms.channels.services import add_secret
from oms.core import jobs
from oms.core.actors import SYSTEM
from oms.messaging.rules.signing import headers as signed_headers


def give_secret(channel, secret="whsec-of-the-shop", overlap=timedelta(0)):
    """Have a channel sign with a secret, from now on."""
    return add_secret(channel=channel, secret=secret, overlap=overlap, by=SYSTEM, at=timezone.now())


def signed(body, secrets=("whsec-of-the-shop",), message_id="msg_1", ago=0):
    """The headers of a native channel for these bytes."""
    return signed_headers(
        message_id=message_id,
        timestamp=int(time.time()) - ago,
        body=body,
        secrets_in_force=[secret.encode() for secret in secrets],
    )


def send(body, headers, channel="shop", content_type="application/json"):
    """Post bytes to the door of a channel, as a stranger without cookies."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(enforce_csrf_checks=True).post(
        f"/api/v1/inbound/{channel}/", raw, content_type=content_type, headers=headers
    )


def post(body, channel="shop", **proof):
    """Post a body with a good signature."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return send(raw, signed(raw, **proof), channel)


def work():
    """Do what the workers would do with messages."""
    return jobs.drain("inbound")


def traffic(channel="shop"):
    """What was counted at the door of a channel."""
    found = {}
    for row in InboundTraffic.objects.filter(channel__slug=channel):
        found[row.kind] = found.get(row.kind, 0) + row.count
    return found
