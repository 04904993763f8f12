"""People who have their tea sent again and again, each in another state."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from oms.channels.models import Channel
from oms.channels.principals import ChannelPrincipal
from oms.core.demo import BY, SLUG, Demo
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders import selectors, services
from orders.demo import PEOPLE
from orders.models import Charge, Order, Subscription
from orders.rules.contracts import NewSubscription, PaymentAccount, WantedLine

TAX = Decimal("9")


@dataclass(frozen=True)
class Habit:
    """What somebody gets how often, since when, and what became of it."""

    person: int
    every: int
    unit: str
    basket: dict[str, int]
    first_in: int
    fate: str = "goes on"
    pays: str = "manual"


HABITS = (
    Habit(0, 4, "week", {"TEA-GREEN-1": 2, "TEA-HERBAL-1": 1}, -6, pays="stripe"),
    Habit(1, 1, "month", {"TEA-BLACK-4": 3}, -2),
    Habit(2, 2, "week", {"TEA-OOLONG-2": 1}, 3),
    Habit(3, 1, "month", {"TEA-WHITE-2": 1, "HONEY-LINDEN": 1}, 6, "skipped"),
    Habit(4, 2, "month", {"TEA-HERBAL-2": 4}, 9, "paused"),
    Habit(5, 4, "week", {"TEA-BLACK-1": 2, "FILTER-100": 1}, -2, "declined", "stripe"),
    Habit(7, 1, "week", {"TEA-GREEN-4": 1}, -9, "suspended", "stripe"),
    Habit(8, 1, "month", {"BISCUIT-ALMOND": 2}, 12, "changed"),
    Habit(10, 6, "week", {"HONEY-ACACIA": 2}, -3, "cancelled"),
    Habit(11, 1, "month", {"TEA-HERBAL-4": 2, "CANDY-KANDIS": 1}, 1),
)
DECLINED_AFTER = {"declined": (0, 1), "suspended": (0, 1, 3, 7)}


def subscriptions(demo: Demo) -> None:
    """Begin them, and let happen what the habits say; only where there are none yet."""
    channel = Channel.objects.get(slug=SLUG)
    if Subscription.objects.filter(channel=channel).exists():
        return
    principal = channel.confirmed
    for habit in HABITS:
        _live(habit, principal, demo.now)


def _live(habit: Habit, channel: ChannelPrincipal, now: datetime) -> None:
    first = now + timedelta(days=habit.first_in)
    begun_at = min(now, first) - timedelta(days=4)
    subscription = services.subscribe(
        wanted=_wanted(habit, first), channel=channel, by=BY, at=begun_at
    )
    number = subscription.number
    if habit.fate == "skipped":
        services.skip_delivery(number=number, by=BY, at=now - timedelta(hours=20))
    if habit.fate == "paused":
        until = (now + timedelta(days=45)).date()
        services.pause_subscription(
            number=number, until=until, reason="Away for the winter", by=BY, at=now
        )
    if habit.fate == "changed":
        services.change_lines(
            number=number, lines=[WantedLine("BISCUIT-ALMOND", 4)], once=True, by=BY, at=now
        )
    if habit.first_in < 0:
        _let_come(habit, number, first.replace(hour=22), now)
    if habit.fate == "cancelled":
        services.cancel_subscription(
            number=number, reason="Has enough honey", by=BY, at=now - timedelta(hours=2)
        )


def _let_come(habit: Habit, number: str, at: datetime, now: datetime) -> None:
    """Place the first delivery, and answer its charges as a gateway would have."""
    services.attend(number=number, at=at)
    if habit.fate in DECLINED_AFTER:
        for days in DECLINED_AFTER[habit.fate]:
            again = at + timedelta(days=days)
            services.attend(number=number, at=again)
            key = _open_charge(number)
            services.start_charge(key=key)
            services.decline_charge(key=key, reason="Insufficient funds", at=again)
    elif habit.pays == "stripe":
        key = _open_charge(number)
        services.start_charge(key=key)
        services.complete_charge(key=key, gateway_reference=f"pi_demo_{number}", at=at)
    assert Order.objects.filter(external_id__startswith=f"{number}-").exists()  # noqa: S101


def _open_charge(number: str) -> str:
    open_ones = Charge.objects.filter(
        cycle__subscription__number=number, status__in=["asked", "sending"]
    )
    return str(open_ones.values_list("key", flat=True).get())


def _wanted(habit: Habit, first: datetime) -> NewSubscription:
    name, line1, city, region, postal_code, country, language = PEOPLE[habit.person]
    email = f"{name.split()[0].lower()}@example.com".replace("á", "a")
    return NewSubscription(
        customer=CustomerDetails(
            name=name, external_id=f"c-{habit.person + 1}", email=email, language=language
        ),
        ship_to=Address(
            name=name,
            line1=line1,
            city=city,
            region=region,
            postal_code=postal_code,
            country=country,
        ),
        lines=tuple(WantedLine(code, units, tax_rate=TAX) for code, units in habit.basket.items()),
        currency="EUR",
        every=habit.every,
        unit=habit.unit,
        starts_on=first.date(),
        time_zone="Europe/Amsterdam",
        service="standard",
        shipping_amount=Decimal("2.95"),
        shipping_tax=Decimal("0.62"),
        account=PaymentAccount(
            gateway=habit.pays, payer=f"cus_demo_{habit.person}", reference="pm_card_visa"
        ),
    )


def links(demo: Demo) -> None:
    """Say where a customer sees the subscription."""
    if subscription := Subscription.objects.order_by("id").first():
        what = f"Subscription {subscription.number}, as its customer"
        demo.links.append((what, selectors.subscription_url(subscription)))
