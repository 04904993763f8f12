"""Replenishment orders: views of the list, one order with all its rows, the vendor's link."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Max, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.models import (
    Commitment,
    Receipt,
    ReceiptLine,
    ReplenishmentLine,
    ReplenishmentOrder,
)
from inventory.selectors.reordering import Waiting, waiting_units
from inventory.selectors.stock import visible_location_ids
from inventory.states import OPEN_REPLENISHMENT, WITH_SUPPLIER, S
from oms.core import signed_links
from oms.core.models import EventRecord, User
from oms.core.shell import Found
from oms.messaging.models import Message
from oms.messaging.selectors import letters_of

PURPOSE = "supplier order"


@dataclass(frozen=True)
class View:
    """One tab of the list: which statuses it shows."""

    name: str
    label: object
    statuses: tuple[str, ...]
    counted: bool = True


REPLENISHMENT_VIEWS = {
    view.name: view
    for view in (
        View("open", _("Open"), tuple(OPEN_REPLENISHMENT)),
        View("proposed", _("To approve"), (S.PROPOSED,)),
        View("approved", _("To send"), (S.APPROVED,)),
        View("sent", _("To be answered"), (S.SENT,)),
        View("coming", _("Coming"), (S.ACKNOWLEDGED, S.PART_RECEIVED)),
        View("received", _("To close"), (S.RECEIVED,)),
        View("done", _("Closed"), (S.CLOSED, S.CANCELLED), counted=False),
        View("all", _("All"), tuple(S.values), counted=False),
    )
}
COUNTED = (*OPEN_REPLENISHMENT, S.RECEIVED)


def replenishment_orders(location_ids: Sequence[int] | None) -> QuerySet[ReplenishmentOrder]:
    """Return the orders for these locations (None: all), in no order yet."""
    orders = ReplenishmentOrder.objects.select_related("supplier", "location")
    return orders if location_ids is None else orders.filter(location__in=location_ids)


def replenishment_counts(orders: QuerySet[ReplenishmentOrder]) -> dict[str, int]:
    """Return how many orders the counted views show. One query."""
    rows = orders.filter(status__in=COUNTED).order_by().values_list("status")
    by_status = dict(rows.annotate(units=Count("id")))
    return {
        view.name: sum(by_status.get(status, 0) for status in view.statuses)
        for view in REPLENISHMENT_VIEWS.values()
        if view.counted
    }


def supply_count(user: User, locations: Sequence[str]) -> int:
    """Return how many proposals and approved orders of these locations wait for a person."""
    visible = visible_location_ids(user)
    orders = replenishment_orders(visible).filter(status__in=[S.PROPOSED, S.APPROVED])
    return orders.filter(location__code__in=locations).count() if locations else orders.count()


@dataclass(frozen=True)
class ReplenishmentRow:
    """What a list shows of one order."""

    order: ReplenishmentOrder
    units: int
    missing: int
    cost: Decimal | None
    expected_on: date | None
    is_late: bool


def replenishment_rows(orders: Iterable[ReplenishmentOrder]) -> list[ReplenishmentRow]:
    """Return the rows of a page of orders. Two queries however many."""
    page = list(orders)
    lines = ReplenishmentLine.objects.filter(order__in=page).order_by().values("order")
    sums = {
        row["order"]: row
        for row in lines.annotate(
            units=Sum("quantity"),
            left=Sum(Greatest(F("quantity") - F("received"), 0)),
            cost=Sum(F("quantity") * F("unit_cost")),
            uncosted=Count("id", filter=Q(unit_cost=None)),
        )
    }
    days = dict(
        Commitment.objects.filter(
            line__order__in=page, withdrawn_at=None, received__lt=F("quantity")
        )
        .order_by()
        .values_list("line__order")
        .annotate(last=Max("expected_on"))
    )
    return [_row(order, sums.get(order.pk), days.get(order.pk)) for order in page]


def _row(
    order: ReplenishmentOrder, sums: Mapping[str, Any] | None, committed: date | None
) -> ReplenishmentRow:
    due = (committed or order.expected_on) if order.status in WITH_SUPPLIER else None
    return ReplenishmentRow(
        order,
        units=sums["units"] if sums else 0,
        missing=sums["left"] if sums else 0,
        cost=sums["cost"] if sums and not sums["uncosted"] else None,
        expected_on=due,
        is_late=bool(due and due < timezone.localdate()),
    )


@dataclass(frozen=True)
class LineView:
    """A line with what the supplier said of it, and how much of it is waited for."""

    line: ReplenishmentLine
    commitments: list[Commitment]
    waiting: int

    @property
    def committed(self) -> int:
        return sum(each.left for each in self.commitments)

    @property
    def unanswered(self) -> int:
        """Units that are still to come, and that no day was given for."""
        return 0 if self.line.is_declined else max(0, self.line.missing - self.committed)

    @property
    def refused(self) -> int:
        """Units that the supplier will not send."""
        return max(0, self.line.missing - self.committed) if self.line.is_declined else 0

    @property
    def needed_now(self) -> int:
        return min(self.waiting, self.line.missing)

    @property
    def cost(self) -> Decimal | None:
        return None if self.line.unit_cost is None else self.line.unit_cost * self.line.quantity


@dataclass(frozen=True)
class ReplenishmentPage:
    """One order with all its rows."""

    order: ReplenishmentOrder
    lines: list[LineView]
    receipts: list[Receipt]
    story: list[EventRecord]
    letters: list[Message]

    @property
    def units(self) -> int:
        return sum(each.line.quantity for each in self.lines)

    @property
    def received(self) -> int:
        return sum(each.line.received for each in self.lines)

    @property
    def missing(self) -> int:
        return sum(each.line.missing for each in self.lines)

    @property
    def needed_now(self) -> int:
        return sum(each.needed_now for each in self.lines)

    @property
    def refused(self) -> int:
        return sum(each.refused for each in self.lines)

    @property
    def cost(self) -> Decimal | None:
        """What it costs, where the cost of every line is known."""
        costs = [each.cost for each in self.lines]
        known = [cost for cost in costs if cost is not None]
        return sum(known, Decimal(0)) if costs and len(known) == len(costs) else None


def lines_of_replenishment(order: ReplenishmentOrder) -> list[LineView]:
    """Return its lines with the standing commitments. Three queries."""
    standing = Commitment.objects.filter(withdrawn_at=None, received__lt=F("quantity"))
    lines = list(
        ReplenishmentLine.objects.filter(order=order)
        .select_related("sku")
        .prefetch_related(
            Prefetch("commitments", standing.order_by("expected_on", "id"), to_attr="standing")
        )
        .order_by("sku__code")
    )
    waiting: dict[int, Waiting] = waiting_units([line.sku_id for line in lines])
    return [
        LineView(
            line,
            line.standing,
            waiting[line.sku_id].units if line.sku_id in waiting else 0,
        )
        for line in lines
    ]


def replenishment_page(order: ReplenishmentOrder) -> ReplenishmentPage:
    """Return an order with its lines, what came, its story and letters. Seven queries."""
    arrived = ReceiptLine.objects.select_related("line__sku").order_by("id")
    receipts = Receipt.objects.filter(order=order).prefetch_related(Prefetch("lines", arrived))
    return ReplenishmentPage(
        order,
        lines_of_replenishment(order),
        list(receipts.order_by("-id")),
        list(EventRecord.objects.filter(thread=order.number).order_by("-id")[:100]),
        letters_of(order.number),
    )


def supplier_url(order: ReplenishmentOrder) -> str:
    """Return the address where the supplier commits: the same one until it is revoked."""
    token = signed_links.token(PURPOSE, pk=order.pk, revision=order.link_revision)
    return f"{settings.OMS_BASE_URL}/supplier/{token}"


def replenishment_by_token(token: str, *, at: datetime) -> ReplenishmentOrder | None:
    """Return the order a link opens now; None for one that is forged, revoked, old or over."""
    named = signed_links.read(PURPOSE, token)
    if named is None:
        return None
    pk, revision = named
    orders = replenishment_orders(None).filter(
        pk=pk, link_revision=revision, link_until__gte=at, status__in=[*WITH_SUPPLIER, S.RECEIVED]
    )
    return orders.first()


def find_replenishment(query: str, user: User) -> list[Found]:
    """Return replenishment orders by number. One query."""
    wanted = query.strip().upper()
    if not wanted.startswith("RO") or not user.has_perm("inventory.view_replenishmentorder"):
        return []
    orders = replenishment_orders(visible_location_ids(user)).filter(number__startswith=wanted)
    return [
        Found(
            order.number,
            f"{order.supplier.name}, {order.get_status_display()}",
            reverse("inventory:replenishment", args=[order.number]),
            "i-box",
        )
        for order in orders.order_by("-id")[:5]
    ]
