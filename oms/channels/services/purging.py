from datetime import datetime, timedelta

from django.conf import settings

from oms.channels.models import InboundMessage, InboundTraffic
from oms.channels.states import InboundState
from oms.core.services import service

SETTLED = (InboundState.APPLIED, InboundState.IGNORED)
COUNTS_KEPT = timedelta(days=400)
SLICE = 1000


@service
def purge_messages(*, at: datetime, limit: int = SLICE) -> bool:
    """Forget the bodies and headers of messages that were settled long ago, a slice of them;
    return whether there may be more. What became of them stays, and what lies aside is kept.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    before = at - timedelta(days=settings.MESSAGES_KEPT_DAYS)
    old = InboundMessage.objects.filter(state__in=SETTLED, purged_at=None, processed_at__lt=before)
    keys = list(old.order_by("processed_at").values_list("pk", flat=True)[:limit])
    InboundMessage.objects.filter(pk__in=keys, state__in=SETTLED).update(
        body=b"", headers={}, purged_at=at
    )
    InboundTraffic.objects.filter(hour__lt=at - COUNTS_KEPT).delete()
    return len(keys) == limit
