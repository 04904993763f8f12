"""An endpoint that receives, and what tick and workers do for it."""

import pytest
from django.utils import timezone

from oms.core import jobs
from oms.core.actors import Actor
from oms.messaging import services
from oms.messaging.models import WebhookDelivery
from oms.messaging.services.relaying import relay
from tests.messaging.receiving import Receiver

KIM = Actor("user", "kim")


@pytest.fixture
def receiver(settings):
    made = Receiver()
    made.start()
    settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{made.port}"]
    settings.JOBS = {"webhook": "tests.messaging.receiving.ONE_HAND"}
    yield made
    made.stop()


def add(receiver, types=(), channel="", url=""):
    made = services.add_endpoint(
        url=url or receiver.url, types=types, channel=channel, by=KIM, at=timezone.now()
    )
    return made.endpoint.public_id, made.secret


def work():
    """What tick and workers would do now."""
    relay()
    return jobs.drain("webhook")


def states():
    return list(WebhookDelivery.objects.order_by("id").values_list("state", flat=True))
