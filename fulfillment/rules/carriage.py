"""Which service takes a parcel, until carriers tell their own rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import quote


@dataclass(frozen=True)
class Service:
    """A way to send a parcel: at most so many days, at a price to compare by."""

    code: str
    label: str
    days: int
    price: Decimal


STANDARD = Service("standard", "Standard", 4, Decimal("4.95"))
SERVICES = (
    STANDARD,
    Service("priority", "Priority", 2, Decimal("8.95")),
    Service("express", "Express", 1, Decimal("14.95")),
)
"""The built-in table. `standard` is taken when nothing was asked for or promised."""


def cheapest(
    *,
    asked: str,
    deliver_by: datetime | None,
    now: datetime,
    services: Sequence[Service] = SERVICES,
) -> Service:
    """Return the cheapest service that is as fast as what was asked for and keeps the promise.

    When none is fast enough any more, the fastest. What the customer chose (`asked`) may have any
    name; only those of the table say how fast.
    """
    limit = next((each.days for each in services if each.code == asked), None)
    good = [
        each
        for each in services
        if (limit is None or each.days <= limit)
        and (deliver_by is None or now + timedelta(days=each.days) <= deliver_by)
    ]
    if good:
        return min(good, key=lambda each: (each.price, each.days))
    return min(services, key=lambda each: each.days)


TRACKING_PAGES = {
    "dhl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "dpd": "https://tracking.dpd.de/parcelstatus?query={}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "gls": "https://gls-group.eu/track/{}",
    "postnl": "https://postnl.nl/tracktrace/?B={}",
    "royal mail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
}


def tracking_page(carrier: str, tracking_number: str) -> str:
    """Return where the carrier shows a parcel; empty for carriers we do not know."""
    page = TRACKING_PAGES.get(carrier.strip().casefold().replace("_", " "), "")
    return page.format(quote(tracking_number, safe="")) if page and tracking_number else ""
