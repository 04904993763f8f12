"""What is old goes: deliveries that are settled, secrets that are over, endpoints that are gone."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from oms.core.sealing import SealBroken, is_current, seal, unseal
from oms.core.services import service
from oms.messaging.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookSecret
from oms.messaging.rules.retrying import PATIENCE
from oms.messaging.selectors.webhooks import SECRETS
from oms.messaging.states import DeliveryState, EndpointState

KEPT = timedelta(days=30)
SLICE = 5000


@service
def clear_webhooks(*, at: datetime, limit: int = SLICE) -> bool:
    """Remove a slice of the log that is older than a month; return whether there may be more.

    What an endpoint that is down or off has kept waiting beyond all patience is given up. Secrets
    that are sealed under a key to be forgotten are sealed anew.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    old = WebhookDelivery.objects.filter(settled_at__lt=at - KEPT).order_by("settled_at")
    keys = list(old.values_list("pk", flat=True)[:limit])
    WebhookAttempt.objects.filter(delivery__in=keys).delete()
    WebhookDelivery.objects.filter(pk__in=keys).delete()

    waiting = WebhookDelivery.objects.filter(state=DeliveryState.WAITING)
    late = waiting.filter(asked_at__lt=at - PATIENCE - timedelta(hours=1)) | waiting.exclude(
        endpoint__state=EndpointState.ENABLED
    )
    late_keys = list(late.values_list("pk", flat=True)[:limit])
    WebhookDelivery.objects.filter(pk__in=late_keys, state=DeliveryState.WAITING).update(
        state=DeliveryState.FAILED,
        settled_at=Now(),
        last_error="The endpoint was down or off for too long.",
    )
    WebhookSecret.objects.filter(expires_at__lte=at).delete()
    _seal_anew()
    logged = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"))
    gone = WebhookEndpoint.objects.filter(~Exists(logged), state=EndpointState.REMOVED)
    gone.delete()
    return limit in (len(keys), len(late_keys))


def _seal_anew() -> None:
    for secret in WebhookSecret.objects.order_by("pk"):
        try:
            if is_current(secret.sealed, purpose=SECRETS):
                continue
            value = unseal(secret.sealed, purpose=SECRETS)
        except SealBroken:
            continue
        secret.sealed = seal(value, purpose=SECRETS)
        secret.save(update_fields=["sealed"])
