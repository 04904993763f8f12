"""What comes round by itself: proposals are brought up to date, who buys reads what is out, and
what must not be sold is kept apart."""

from datetime import timedelta

from django.utils import timezone

from inventory import services
from oms.channels.models import Channel
from oms.core.actors import SYSTEM
from oms.core.routines import Routine

DAILY = timedelta(days=1)
HOURLY = timedelta(hours=1)


def propose() -> None:
    """Bring every proposal up to date. Running twice proposes nothing twice."""
    services.propose_replenishment(by=SYSTEM, at=timezone.now())


def tell_of_shortages() -> None:
    """Write to who buys what is out, once a day."""
    services.tell_of_shortages(on=timezone.localdate())


def keep_apart() -> bool:
    """Quarantine what expired since, and what of blocked lots was promised before and is not."""
    return services.quarantine_unsold(by=SYSTEM, at=timezone.now())


def expire_carts() -> bool:
    """Give back what is kept for carts whose time is over."""
    return services.expire_carts(by=SYSTEM, at=timezone.now(), most=MOST_CARTS) == MOST_CARTS


def tell_channels() -> bool:
    """Tell every channel that wants to know what it may promise where that changed."""
    more = False
    for channel in Channel.objects.filter(is_active=True, stock_seconds__gt=0).order_by("pk"):
        told = services.tell_availability(channel=channel, at=timezone.now(), most=MOST_TOLD)
        more = more or told == MOST_TOLD
    return more


MOST_CARTS = 200
MOST_TOLD = 5_000
PROPOSING = Routine(propose, every=DAILY)
SHORTAGES = Routine(tell_of_shortages, every=DAILY)
EXPIRING_CARTS = Routine(expire_carts, every=timedelta(seconds=20))
TELLING = Routine(tell_channels, every=timedelta(seconds=5))
KEEPING_APART = Routine(keep_apart, every=HOURLY)
