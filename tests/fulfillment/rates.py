"""Carriers of a test: services and rates in a word or two."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from fulfillment import services
from fulfillment.selectors import forget_rates
from fulfillment.services import NewRate, Reach, ServiceTerms
from tests.fulfillment.steps import KIM

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


def service(code, carrier="PostNL", *, days=2, methods=(), weekdays=EVERY_DAY, **terms):
    """Have a service of this code; changed, when it is there."""
    kept = services.keep_service(
        terms=ServiceTerms(
            code=code,
            carrier=carrier,
            transit_days=days,
            methods=methods,
            weekdays=weekdays,
            **terms,
        ),
        by=KIM,
        at=timezone.now(),
    )
    forget_rates()
    return kept


def rate(code, amount, up_to=1000, *, per_kg=None, currency="EUR", days=None, **reach):
    """Have a rate of this service; `reach` says from and to where, and when."""
    since, until = reach.pop("since", date.min), reach.pop("until", None)
    counts = services.keep_rates(
        rates=[
            NewRate(
                reach=Reach(service=code, **reach),
                up_to_weight_g=up_to,
                amount=Decimal(amount),
                currency=currency,
                per_kg_amount=None if per_kg is None else Decimal(per_kg),
                transit_days=days,
                valid_from=since,
                valid_until=until,
            )
        ],
        by=KIM,
        at=timezone.now(),
    )
    forget_rates()
    return counts


def two_services():
    """A slow cheap service of PostNL and a quick dear one of DHL, to everywhere."""
    service("parcel", days=3, methods=("standard",))
    rate("parcel", "5.00", 2000)
    rate("parcel", "9.00", 10_000)
    service("express", "DHL", days=1, methods=("express",))
    rate("express", "15.00", 10_000)
