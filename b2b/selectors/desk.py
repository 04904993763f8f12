"""What waits for a sales rep, and for finance."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, Count, F, Q, QuerySet, Sum, Value
from django.utils.translation import gettext_lazy as _

from b2b.models import Company, CreditAccount, Invoice, PurchaseOrder, Quote, QuoteRequest
from b2b.selectors.companies import (
    companies_of,
    invoices_of,
    purchase_orders_of,
    quotes_of,
    requests_of,
)
from b2b.selectors.listing import INVOICES, PURCHASE_ORDERS, QUOTES, REQUESTS, UNPAID, counts, shown
from oms.core.models import User
from oms.core.money import ZERO
from orders.models import Hold, Order

MOST = 6


@dataclass(frozen=True)
class HeldForCredit:
    """An order that waits for credit, with what its company owes."""

    hold: Hold
    company: Company
    credit: CreditAccount

    @property
    def order(self) -> Order:
        return self.hold.order


@dataclass(frozen=True)
class Desk:
    """The oldest few of each kind of work, and how many there are."""

    requests: list[QuoteRequest]
    quotes: list[Quote]
    purchase_orders: list[PurchaseOrder]
    invoices: list[Invoice]
    holds: list[HeldForCredit]
    counts: dict[str, int]


def desk_of(user: User | AnonymousUser, today: date) -> Desk:
    """Return the work of a rep's accounts (of all for those who see all). Nine queries."""
    requests, quotes = requests_of(user), quotes_of(user)
    orders, invoices = purchase_orders_of(user), invoices_of(user)
    held = held_companies(user)
    return Desk(
        requests=list(shown(requests, REQUESTS.views[0], today).order_by("id")[:MOST]),
        quotes=list(shown(quotes, QUOTES.views[0], today).order_by("id")[:MOST]),
        purchase_orders=list(
            shown(orders, PURCHASE_ORDERS.views[0], today).order_by("submitted_at", "id")[:MOST]
        ),
        invoices=list(shown(invoices, INVOICES.views[1], today).order_by("due_on", "id")[:MOST]),
        holds=held,
        counts={
            "requests": counts(REQUESTS, requests, today)["open"],
            "quotes": counts(QUOTES, quotes, today)["open"],
            "purchase_orders": counts(PURCHASE_ORDERS, orders, today)["open"],
            "overdue": counts(INVOICES, invoices, today)["overdue"],
            "holds": len(held),
        },
    )


def desk_counts(user: User | AnonymousUser, today: date) -> dict[str, int]:
    """Return how much of each kind of work waits for a rep, or for finance. One query."""
    waiting: dict[str, QuerySet[Any]] = {
        "requests": shown(requests_of(user), REQUESTS.views[0], today),
        "quotes": shown(quotes_of(user), QUOTES.views[0], today),
        "purchase_orders": shown(purchase_orders_of(user), PURCHASE_ORDERS.views[0], today),
        "overdue": shown(invoices_of(user), INVOICES.views[1], today),
        "holds": credit_holds_of(user),
    }
    parts = [
        rows.order_by()
        .annotate(waiting=Value(name, output_field=CharField()))
        .values("waiting")
        .annotate(n=Count("pk"))
        for name, rows in waiting.items()
    ]
    first, *others = parts
    found = {row["waiting"]: row["n"] for row in first.union(*others, all=True)}
    return {name: found.get(name, 0) for name in waiting}


def held_order(user: User | AnonymousUser, number: str) -> HeldForCredit | None:
    """Return one order that is held for credit, with its company."""
    found = held_companies(user, number=number)
    return found[0] if found else None


def held_companies(
    user: User | AnonymousUser, limit: int = 200, number: str = ""
) -> list[HeldForCredit]:
    """Return orders held for credit with their companies, the oldest first. Two queries."""
    holds = credit_holds_of(user)
    if number:
        holds = holds.filter(order__number=number)
    rows = list(holds.select_related("order").order_by("set_at", "id")[:limit])
    accounts = CreditAccount.objects.select_related("company").filter(
        company__customer__in=[hold.order.customer_id for hold in rows]
    )
    by_customer = {account.company.customer_id: account for account in accounts}
    return [
        HeldForCredit(
            hold, by_customer[hold.order.customer_id].company, by_customer[hold.order.customer_id]
        )
        for hold in rows
    ]


def credit_holds_of(user: User | AnonymousUser) -> QuerySet[Hold]:
    """Return the standing credit holds of a rep's accounts, in no order yet."""
    return Hold.objects.filter(
        kind="credit",
        released_at__isnull=True,
        order__status="open",
        order__customer__in=companies_of(user).values("customer"),
    )


def owed(invoices: QuerySet[Invoice], today: date) -> dict[str, list[tuple[str, Decimal]]]:
    """Return what is open by currency: not due, late by up to 30, by up to 60, by more days."""
    late = [today - timedelta(days=days) for days in (0, 30, 60)]
    ages = {
        "not_due": Q(due_on__gte=late[0]),
        "to_30": Q(due_on__lt=late[0], due_on__gte=late[1]),
        "to_60": Q(due_on__lt=late[1], due_on__gte=late[2]),
        "over_60": Q(due_on__lt=late[2]),
    }
    words = (_("Not due"), _("To 30 days"), _("To 60 days"), _("Later"))
    open_amount = F("amount") - F("paid_amount") - F("credited_amount")
    sums: Any = (
        invoices.filter(status__in=UNPAID)
        .order_by()
        .values("currency")
        .annotate(**{age: Sum(open_amount, filter=of_age) for age, of_age in ages.items()})
    )
    return {
        row["currency"]: [
            (str(word), row[age] or ZERO) for word, age in zip(words, ages, strict=True)
        ]
        for row in sums
    }


def open_count(user: User, locations: object) -> int:
    """Return how much waits on the sales desk. One query."""
    return purchase_orders_of(user).filter(status__in=PURCHASE_ORDERS.views[0].statuses).count()
