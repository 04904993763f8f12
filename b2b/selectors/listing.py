"""Lists of business documents: their views, what is counted, what search finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from b2b.states import OPEN, InvoiceStatus, PurchaseStatus, QuoteStatus, RequestStatus

P, S, R, N = PurchaseStatus, QuoteStatus, RequestStatus, InvoiceStatus
M = TypeVar("M", bound=Model)
UNPAID = (N.ISSUED, N.PART_PAID)


@dataclass(frozen=True)
class View:
    """One tab of a list: which statuses it shows. `late` narrows to what is past its day."""

    name: str
    label: str | Promise
    statuses: tuple[str, ...]
    counted: bool = True
    late: bool = False


@dataclass(frozen=True)
class Listing:
    """A kind of document as a list. Search is for whole numbers, and the company's name."""

    name: str
    views: tuple[View, ...]
    numbers: tuple[str, ...] = ("number",)
    by_name: Mapping[str, View] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {view.name: view for view in self.views})

    def view(self, name: str) -> View:
        return self.by_name.get(name, self.views[0])

    def matching(self, rows: QuerySet[M], search: str) -> QuerySet[M]:
        wanted = Q(company__name__istartswith=search) | Q(company__code__iexact=search)
        for column in self.numbers:
            wanted |= Q(**{column: search}) | Q(**{column: search.upper()})
        return rows.filter(wanted)


PURCHASE_ORDERS = Listing(
    "purchase_orders",
    (
        View("open", _("To do"), (P.SUBMITTED, P.PENDING_APPROVAL)),
        View("draft", _("Drafts"), (P.DRAFT,)),
        View("going", _("Being delivered"), (P.ACCEPTED, P.IN_FULFILLMENT, P.PART_DELIVERED)),
        View("done", _("Delivered"), (P.DELIVERED, P.INVOICED, P.CLOSED), counted=False),
        View("off", _("Rejected, cancelled"), (P.REJECTED, P.CANCELLED), counted=False),
        View("all", _("All"), tuple(P.values), counted=False),
    ),
    numbers=("number", "po_number", "order__number"),
)
QUOTES = Listing(
    "quotes",
    (
        View("open", _("With us"), (S.DRAFT, S.PENDING_APPROVAL, S.REVISION_REQUESTED)),
        View("presented", _("With the company"), (S.PRESENTED,)),
        View("accepted", _("Accepted"), (S.ACCEPTED,), counted=False),
        View("off", _("Lost, expired"), (S.LOST, S.EXPIRED, S.WITHDRAWN), counted=False),
        View("all", _("All"), tuple(S.values), counted=False),
    ),
)
REQUESTS = Listing(
    "requests",
    (
        View("open", _("To answer"), (R.SUBMITTED, R.IN_REVIEW)),
        View("quoted", _("Quoted"), (R.QUOTED,), counted=False),
        View("off", _("Declined, withdrawn"), (R.DECLINED, R.WITHDRAWN), counted=False),
        View("all", _("All"), tuple(R.values), counted=False),
    ),
)
INVOICES = Listing(
    "invoices",
    (
        View("open", _("Open"), UNPAID),
        View("overdue", _("Overdue"), UNPAID, late=True),
        View("paid", _("Paid"), (N.PAID, N.CREDITED), counted=False),
        View("all", _("All"), (N.ISSUED, N.PART_PAID, N.PAID, N.CREDITED), counted=False),
    ),
    numbers=("number", "order__number", "purchase_order__number", "purchase_order__po_number"),
)
BUYERS_ORDERS = Listing(
    "orders",
    (
        View("open", _("Under way"), tuple(OPEN)),
        View("approve", _("To approve"), (P.PENDING_APPROVAL,)),
        View("draft", _("Not handed in"), (P.DRAFT,)),
        View("done", _("Sent"), (P.DELIVERED, P.INVOICED, P.CLOSED), counted=False),
        View("off", _("Turned down, cancelled"), (P.REJECTED, P.CANCELLED), counted=False),
        View("all", _("All"), tuple(P.values), counted=False),
    ),
    numbers=PURCHASE_ORDERS.numbers,
)
BUYERS_QUOTES = Listing(
    "quotes",
    (
        View("open", _("To answer"), (S.PRESENTED,)),
        View("changing", _("With us"), (S.DRAFT, S.PENDING_APPROVAL, S.REVISION_REQUESTED)),
        View("accepted", _("Accepted"), (S.ACCEPTED,), counted=False),
        View("off", _("Declined, expired"), (S.LOST, S.EXPIRED, S.WITHDRAWN), counted=False),
        View("all", _("All"), tuple(S.values), counted=False),
    ),
)


def shown(rows: QuerySet[M], view: View, today: date) -> QuerySet[M]:
    """Return the rows a view shows."""
    found = rows.filter(status__in=view.statuses)
    return found.filter(due_on__lt=today) if view.late else found


def counts(listing: Listing, rows: QuerySet[Any], today: date) -> dict[str, int]:
    """Return how many rows the counted views show. One query."""
    counted = [view for view in listing.views if view.counted]
    conditions = {
        view.name: Count(
            "id",
            filter=Q(status__in=view.statuses) & (Q(due_on__lt=today) if view.late else Q()),
        )
        for view in counted
    }
    statuses = {status for view in counted for status in view.statuses}
    found: dict[str, int] = rows.filter(status__in=statuses).order_by().aggregate(**conditions)
    return found
