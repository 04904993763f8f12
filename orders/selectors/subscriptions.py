"""Subscriptions: lists, one with all that belongs to it, the customer's link."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from inventory.selectors import offers_of
from oms.channels.models import Channel
from oms.core import signed_links
from oms.core.models import EventRecord, User
from oms.core.money import ZERO, rounded
from oms.core.shell import Found
from oms.messaging.models import Message
from oms.messaging.selectors import letters_of
from orders.models import Charge, Cycle, CycleLine, Subscription, SubscriptionLine
from orders.rules.schedule import TERMS
from orders.states import AHEAD, SUBSCRIPTION, CycleStatus, SubscriptionStatus

PURPOSE = "subscription"
LONGEST_STORY = 200
LONGEST_HISTORY = 24
HUNDRED = 100
Line = SubscriptionLine | CycleLine


def subscription_list() -> QuerySet[Subscription]:
    """Return all subscriptions with their channel, in no order yet."""
    return Subscription.objects.select_related("channel")


def subscriber_has_email(number: str) -> bool:
    """Return whether the customer can be written to. One query."""
    return Subscription.objects.filter(number=number).exclude(email="").exists()


def subscription_channels(threads: Collection[str]) -> dict[str, int]:
    """Return the channel of each of these stories that is a subscription's. One query."""
    found = Subscription.objects.filter(number__in=threads)
    return dict(found.values_list("number", "channel_id"))


def subscription_url(subscription: Subscription) -> str:
    """Return the address of the customer's page: the same one until the link is revoked."""
    token = signed_links.token(PURPOSE, pk=subscription.pk, revision=subscription.link_revision)
    return f"{settings.OMS_BASE_URL}/s/subscription/open/{token}"


def subscription_by_token(token: str) -> Subscription | None:
    """Return the subscription that a link opens; None for one that is forged or revoked."""
    named = signed_links.read(PURPOSE, token)
    if named is None:
        return None
    return subscription_list().filter(pk=named[0], link_revision=named[1]).first()


@dataclass(frozen=True)
class SubscriptionView:
    """One tab of the list."""

    name: str
    label: str
    narrow: Callable[[QuerySet[Subscription]], QuerySet[Subscription]]


def _of(*statuses: str) -> Callable[[QuerySet[Subscription]], QuerySet[Subscription]]:
    return lambda rows: rows.filter(status__in=statuses)


SUBSCRIPTION_VIEWS = {
    view.name: view
    for view in (
        SubscriptionView("active", "Active", _of(SubscriptionStatus.ACTIVE)),
        SubscriptionView(
            "late",
            "Payment failed",
            _of(SubscriptionStatus.PAST_DUE, SubscriptionStatus.SUSPENDED),
        ),
        SubscriptionView("stuck", "Not placed", lambda rows: rows.exclude(problem="")),
        SubscriptionView("paused", "Paused", _of(SubscriptionStatus.PAUSED)),
        SubscriptionView(
            "ended", "Ended", _of(SubscriptionStatus.CANCELLED, SubscriptionStatus.EXPIRED)
        ),
        SubscriptionView("all", "All", lambda rows: rows),
    )
}


def matching_subscriptions(rows: QuerySet[Subscription], search: str) -> QuerySet[Subscription]:
    """Narrow to a number, the channel's own number, or an e-mail address."""
    exact = search.strip()
    if not exact:
        return rows
    number = exact.upper() if exact.upper().startswith("SUB-") else f"SUB-{exact}"
    by_number = rows.filter(number=number)
    by_others = rows.filter(external_id=exact)
    return by_number | by_others | rows.filter(email__in={exact, exact.lower()})


def find_subscriptions(query: str, user: User) -> list[Found]:
    """Return the newest subscriptions that `query` names, for those who may see them. One query."""
    if not query.strip() or not user.has_perm("orders.view_subscription"):
        return []
    found = matching_subscriptions(subscription_list(), query).order_by("-id")[:8]
    return [
        Found(
            label=each.number,
            detail=f"{each.customer_name}, {each.get_status_display().lower()}",
            url=reverse("orders:subscription", args=[each.number]),
            icon="i-refresh",
        )
        for each in found
    ]


def late_count(user: object, locations: object) -> int | None:
    """Return how many subscriptions wait for a person: unpaid, or not placed."""
    late = Subscription.objects.filter(
        status__in=[SubscriptionStatus.PAST_DUE, SubscriptionStatus.SUSPENDED]
    )
    return late.count() + Subscription.objects.exclude(problem="").count() or None


@dataclass(frozen=True)
class SubscriptionRow:
    """What a list shows of one: itself, what comes, and when next."""

    subscription: Subscription
    lines: list[SubscriptionLine]
    next: Cycle | None

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def total(self) -> Decimal:
        return delivery_total(self.subscription, self.lines)


def subscription_rows(page: Iterable[Subscription]) -> list[SubscriptionRow]:
    """Return the rows of a page. Two queries however many."""
    rows = list(page)
    keys = [row.pk for row in rows]
    lines: dict[int, list[SubscriptionLine]] = {}
    found = SubscriptionLine.objects.filter(subscription__in=keys).select_related("sku")
    for line in found.order_by("position"):
        lines.setdefault(line.subscription_id, []).append(line)
    ahead: dict[int, Cycle] = {}
    cycles = Cycle.objects.filter(subscription__in=keys, status__in=AHEAD)
    for cycle in cycles.order_by("-index"):
        ahead[cycle.subscription_id] = cycle
    return [SubscriptionRow(row, lines.get(row.pk, []), ahead.get(row.pk)) for row in rows]


def delivery_total(subscription: Subscription, lines: Iterable[Line]) -> Decimal:
    """Return what a delivery of these lines costs at the agreed prices."""
    currency = subscription.currency
    total = subscription.shipping_amount + subscription.shipping_tax_amount
    for line in lines:
        goods = line.quantity * line.unit_price
        tax = rounded(goods * line.tax_rate / HUNDRED, currency)
        total += rounded(goods + tax, currency)
    return total


@dataclass(frozen=True)
class SubscriptionPage:
    """One subscription and its rows: what comes, what comes next, what came, who paid."""

    subscription: Subscription
    lines: list[SubscriptionLine]
    ahead: list[Cycle]
    next_lines: list[Line]
    past: list[Cycle]
    charges: dict[int, list[Charge]]
    story: list[EventRecord]
    letters: list[Message]

    @property
    def next(self) -> Cycle | None:
        return self.ahead[0] if self.ahead else None

    @property
    def total(self) -> Decimal:
        return delivery_total(self.subscription, self.lines)

    @property
    def next_total(self) -> Decimal:
        return delivery_total(self.subscription, self.next_lines)

    @property
    def is_open(self) -> bool:
        """Whether the next delivery can still be changed or skipped."""
        cycle = self.next
        return bool(
            cycle
            and cycle.status == CycleStatus.PLANNED
            and cycle.locks_at > timezone.now()
            and self.subscription.is_living
        )

    @property
    def may_skip(self) -> bool:
        return self.is_open and SUBSCRIPTION.allows("skip", self.subscription.status)

    @property
    def skipped(self) -> Cycle | None:
        """The skipped delivery that can be had after all."""
        if not SUBSCRIPTION.allows("skip", self.subscription.status):
            return None
        until = timezone.now() + TERMS.lock
        free = [
            each
            for each in self.past
            if each.status == CycleStatus.SKIPPED and not each.order_id and each.due_at > until
        ]
        return min(free, key=lambda each: each.index) if free else None

    @property
    def later(self) -> list[date]:
        """The dates that follow the next one, as far as the contract goes."""
        if not self.next or self.subscription.status == SubscriptionStatus.CANCELLED:
            return []
        found, last = [], self.ahead[-1].due_on
        left = 3
        if self.subscription.ends_after:
            left = min(left, max(0, self.subscription.ends_after - self._counted))
        for _ in range(left):
            last = self.subscription.rhythm.after(last)
            if self.subscription.ends_on and last > self.subscription.ends_on:
                break
            found.append(last)
        return [*[each.due_on for each in self.ahead[1:]], *found][:3]

    @property
    def _counted(self) -> int:
        past = [each for each in self.past if each.status != CycleStatus.SKIPPED]
        return len(past) + len(self.ahead)


def subscription_page(number: str, *, story: bool = True) -> SubscriptionPage | None:
    """Return one subscription with its rows. Five queries, and two for its story."""
    subscription = subscription_list().filter(number=number).first()
    if subscription is None:
        return None
    cycles = list(
        Cycle.objects.filter(subscription=subscription)
        .select_related("order")
        .order_by("-index")[: LONGEST_HISTORY + 1]
    )
    ahead = sorted((c for c in cycles if c.status in AHEAD), key=lambda cycle: cycle.index)
    lines = list(subscription.lines.select_related("sku").order_by("position"))
    own: list[Line] = []
    if ahead:
        own = list(ahead[0].lines.select_related("sku").order_by("position"))
    charges: dict[int, list[Charge]] = {}
    for charge in Charge.objects.filter(cycle__in=[c.pk for c in cycles]).order_by("id"):
        charges.setdefault(charge.cycle_id, []).append(charge)
    facts = EventRecord.objects.filter(thread=number).order_by("-id")[:LONGEST_STORY]
    return SubscriptionPage(
        subscription=subscription,
        lines=lines,
        ahead=ahead,
        next_lines=own or list(lines),
        past=[cycle for cycle in cycles if cycle.status not in AHEAD],
        charges=charges,
        story=list(facts) if story else [],
        letters=letters_of(number) if story else [],
    )


def upcoming_cycles(until: datetime) -> QuerySet[Cycle]:
    """Return the deliveries that active subscriptions are to get until then."""
    return Cycle.objects.filter(
        status__in=AHEAD, due_at__lte=until, subscription__status=SubscriptionStatus.ACTIVE
    ).select_related("subscription__channel")


@dataclass(frozen=True)
class UpcomingRow:
    """A delivery that is to come: what it holds, what it costs."""

    cycle: Cycle
    lines: list[Line]

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def total(self) -> Decimal:
        return delivery_total(self.cycle.subscription, self.lines)


def upcoming_rows(cycles: Iterable[Cycle]) -> list[UpcomingRow]:
    """Return the rows of a page of deliveries. Two queries however many."""
    page = list(cycles)
    own: dict[int, list[Line]] = {}
    fixed = CycleLine.objects.filter(cycle__in=[cycle.pk for cycle in page])
    for line in fixed.select_related("sku").order_by("position"):
        own.setdefault(line.cycle_id, []).append(line)
    usual: dict[int, list[Line]] = {}
    agreed = SubscriptionLine.objects.filter(
        subscription__in=[cycle.subscription_id for cycle in page if cycle.pk not in own]
    )
    for each in agreed.select_related("sku").order_by("position"):
        usual.setdefault(each.subscription_id, []).append(each)
    return [
        UpcomingRow(cycle, own.get(cycle.pk) or usual.get(cycle.subscription_id, []))
        for cycle in page
    ]


@dataclass(frozen=True)
class Needed:
    """Units of one SKU that deliveries will take, beside what is free now."""

    sku: str
    name: str
    units: int
    available: int

    @property
    def is_short(self) -> bool:
        return self.available < self.units


MOST_COUNTED = 2_000


@dataclass(frozen=True)
class Outlook:
    """All that is to come until a day: deliveries, money by currency, units by SKU."""

    deliveries: int
    totals: list[tuple[str, Decimal]]
    needed: list[Needed]

    @property
    def short(self) -> list[Needed]:
        return [each for each in self.needed if each.is_short]


def outlook(until: datetime) -> Outlook:
    """Return what deliveries until then add up to, two thousand of them at most. Four queries."""
    rows = upcoming_rows(upcoming_cycles(until).order_by("due_at", "id")[:MOST_COUNTED])
    totals: dict[str, Decimal] = {}
    units: dict[str, int] = {}
    names: dict[str, str] = {}
    for row in rows:
        currency = row.cycle.subscription.currency
        totals[currency] = totals.get(currency, ZERO) + row.total
        for line in row.lines:
            units[line.sku.code] = units.get(line.sku.code, 0) + line.quantity
            names[line.sku.code] = line.sku.name
    found = offers_of(units)
    needed = [Needed(sku, names[sku], count, found[sku].available) for sku, count in units.items()]
    needed.sort(key=lambda each: (not each.is_short, -each.units, each.sku))
    return Outlook(len(rows), sorted(totals.items()), needed)


def channel_choices() -> list[tuple[str, str]]:
    """Return active channels by slug and name. One query."""
    active = Channel.objects.filter(is_active=True).order_by("name")
    return list(active.values_list("slug", "name"))
