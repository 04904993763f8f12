from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Max

from oms.channels.principals import ChannelPrincipal
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.numbers import gapless_number
from oms.core.services import service
from oms.customers.services import remember
from orders.errors import ScheduleInvalid, SubscriptionExists
from orders.events import SubscriptionCreated
from orders.models import Subscription
from orders.rules.contracts import NewSubscription
from orders.rules.schedule import MOST_EVERY, local_date
from orders.services.subscribing.contents import agreed, keep_lines, total_of
from orders.services.subscribing.cycles import plan, sleep
from orders.states import RhythmUnit


@service
def subscribe(
    *, wanted: NewSubscription, channel: ChannelPrincipal, by: Actor, at: datetime
) -> Subscription:
    """Begin a subscription: prices are agreed now, its first delivery is planned.

    Raises: ScheduleInvalid, UnknownSku, PriceNeeded, AmountDoesNotFit, SubscriptionExists.
    Locks: NumberSeries.
    Publishes: SubscriptionCreated.
    """
    _schedule_fits(wanted, at)
    _is_new(wanted.external_id, channel)
    lines = agreed(wanted.lines, wanted.currency)
    number = gapless_number("SUB")
    subscription = Subscription(
        number=number,
        channel_id=channel.pk,
        external_id=wanted.external_id,
        customer_id=remember(
            origin=channel.slug,
            said=wanted.customer,
            stand_in=f"subscription:{number}",
            at=at,
        ),
        customer_external_id=wanted.customer.external_id,
        customer_name=wanted.customer.name,
        email=wanted.customer.email,
        phone=wanted.customer.phone,
        language=wanted.customer.language,
        ship_to=wanted.ship_to,
        bill_to=wanted.bill_to,
        every=wanted.every,
        unit=wanted.unit,
        time_zone=wanted.time_zone,
        starts_on=wanted.starts_on,
        anchor_on=wanted.starts_on,
        anchor_day=wanted.starts_on.day,
        ends_on=wanted.ends_on,
        ends_after=wanted.ends_after,
        currency=wanted.currency,
        price_policy=wanted.price_policy,
        service=wanted.service,
        shipping_amount=wanted.shipping_amount,
        shipping_tax_amount=wanted.shipping_tax,
        gateway=wanted.account.gateway or channel.payment_gateway,
        payment_method=wanted.account.method,
        payer_reference=wanted.account.payer,
        payment_reference=wanted.account.reference,
        created_at=at,
    )
    total_of(subscription, lines, at)
    subscription.save(force_insert=True)
    keep_lines(subscription, lines)
    first = plan(subscription, index=1, after=None)
    if first and first.notify_at <= at:
        first.notified_at = at
        first.save(update_fields=["notified_at"])
    sleep(subscription)
    subscription.save(update_fields=["wake_at"])
    publish(
        SubscriptionCreated(
            thread=number,
            subject=number,
            by=by,
            at=at,
            channel=channel.slug,
            every=subscription.every,
            unit=subscription.unit,
            starts_on=wanted.starts_on.isoformat(),
            units=sum(line.quantity for line in lines),
        )
    )
    return subscription


def _schedule_fits(wanted: NewSubscription, at: datetime) -> None:
    rhythm_fits(wanted.every, wanted.unit)
    try:
        ZoneInfo(wanted.time_zone)
    except (ValueError, OSError, LookupError):
        raise ScheduleInvalid(pointer="/time_zone", reason="is no time zone") from None
    if wanted.starts_on < local_date(at, wanted.time_zone):
        raise ScheduleInvalid(pointer="/starts_on", reason="lies in the past")
    if wanted.ends_on and wanted.ends_on < wanted.starts_on:
        raise ScheduleInvalid(pointer="/ends_on", reason="comes before the first delivery")


def rhythm_fits(every: int, unit: str) -> None:
    """Raises: ScheduleInvalid."""
    if unit not in MOST_EVERY:
        raise ScheduleInvalid(pointer="/unit", reason="must be day, week or month")
    most = MOST_EVERY[RhythmUnit(unit)]
    if not 1 <= every <= most:
        raise ScheduleInvalid(pointer="/every", reason=f"must be 1 to {most} for this unit")


def _is_new(external_id: str, channel: ChannelPrincipal) -> None:
    if not external_id:
        return
    known = Subscription.objects.filter(channel=channel.pk, external_id=external_id)
    if number := known.aggregate(number=Max("number"))["number"]:
        raise SubscriptionExists(external_id=external_id, number=number)
