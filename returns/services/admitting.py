import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from oms.core.services import service
from orders.models import Order
from returns import selectors
from returns.models import PortalTry

WINDOW = timedelta(minutes=15)
TRIES = 5
TRIES_FROM_ONE_PLACE = 30


@dataclass(frozen=True)
class Admission:
    """What came of a try: the order, or nothing; `is_limited` when there were too many."""

    order: Order | None
    is_limited: bool


@service
def admit(*, number: str, email: str, ip: str, at: datetime) -> Admission:
    """Let a customer in who knows an order's number and e-mail address.

    Every try counts, for the address from one place and for the place alone; it is written down
    before anything is looked up, so that many at once do not slip through. Only hashes are kept.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    place, address = _hash(ip), _hash(f"{email.strip().casefold()} {ip}")
    PortalTry.objects.filter(tried_at__lt=at - WINDOW).delete()
    PortalTry.objects.create(place=place, address=address, tried_at=at)
    recent = PortalTry.objects.filter(tried_at__gte=at - WINDOW)
    limited = (
        recent.filter(address=address).count() > TRIES
        or recent.filter(place=place).count() > TRIES_FROM_ONE_PLACE
    )
    order = selectors.order_for_customer(number=number, email=email)
    return Admission(None if limited else order, limited)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
