"""What a buyer sees in the portal: documents of the own company, its prices, what there is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from b2b.models import (
    Buyer,
    Company,
    CreditAccount,
    Invoice,
    PurchaseOrder,
    Quote,
    QuoteRequest,
    QuoteVersion,
)
from b2b.rules.pricing import Offer
from b2b.rules.stock import expected_on
from b2b.selectors.companies import (
    buyers_who_approve,
    invoices_of,
    purchase_orders_of,
    quotes_of,
    requests_of,
)
from b2b.selectors.documents import approval_needed
from b2b.selectors.pricing import price_breaks
from b2b.states import OPEN, PurchaseStatus, QuoteStatus
from inventory.selectors import arriving, offers_of
from oms.catalog.models import Sku
from oms.core.models import User
from oms.core.money import ZERO
from orders.models import Hold
from orders.selectors import units_waiting

MOST_WAITING = 6


def orders_for(buyer: Buyer) -> QuerySet[PurchaseOrder]:
    """Return the company's purchase orders that were handed in, and the buyer's own drafts."""
    handed_in = Q(submitted_at__isnull=False) & ~Q(status=PurchaseStatus.DRAFT)
    found = purchase_orders_of(buyer.user).filter(company=buyer.company_id)
    return found.filter(handed_in | Q(buyer=buyer)).select_related("buyer__user", "quote_version")


def drafts_of(buyer: Buyer) -> QuerySet[PurchaseOrder]:
    """Return the orders a buyer is still writing, the newest first."""
    drafts = orders_for(buyer).filter(status=PurchaseStatus.DRAFT, source="portal")
    return drafts.order_by("-id")


def writable(buyer: Buyer) -> QuerySet[PurchaseOrder]:
    """Return what a buyer may write on: own drafts, and what was turned down."""
    statuses = [PurchaseStatus.DRAFT, PurchaseStatus.REJECTED]
    return orders_for(buyer).filter(buyer=buyer, status__in=statuses, source="portal")


def to_approve(buyer: Buyer) -> QuerySet[PurchaseOrder]:
    """Return what waits for this person to agree: never what he or she handed in."""
    waiting = orders_for(buyer).filter(status=PurchaseStatus.PENDING_APPROVAL)
    if not buyer.may_approve:
        return waiting.none()
    return waiting.exclude(submitted_by=f"user:{buyer.user.username}")


def offers_for(buyer: Buyer) -> QuerySet[Quote]:
    """Return quotes by the newest version that was presented: `offered`, `offer_ends`.

    What a rep changes meanwhile is nobody's business yet.
    """
    presented = QuoteVersion.objects.filter(quote=OuterRef("pk"), presented_at__isnull=False)
    newest = presented.order_by("-nth")
    return (
        quotes_of(buyer.user)
        .filter(company=buyer.company_id, presented_at__isnull=False)
        .annotate(
            offered=Subquery(newest.values("nth")[:1]),
            offered_amount=Subquery(newest.values("total_amount")[:1]),
            offer_ends=Subquery(newest.values("valid_until")[:1]),
        )
    )


def requests_for(buyer: Buyer) -> QuerySet[QuoteRequest]:
    """Return what the company asked us to offer."""
    return requests_of(buyer.user).filter(company=buyer.company_id)


def invoices_for(buyer: Buyer) -> QuerySet[Invoice]:
    """Return the company's invoices."""
    return invoices_of(buyer.user).filter(company=buyer.company_id)


def people_for(buyer: Buyer) -> QuerySet[Buyer]:
    """Return who buys for the company, by name."""
    found = Buyer.objects.filter(company=buyer.company_id).select_related("user", "company")
    return found.order_by("-is_active", "user__username")


def held_orders(company: Company) -> set[int]:
    """Return the orders of a company that wait for credit. One query."""
    holds = Hold.objects.filter(
        kind="credit",
        released_at__isnull=True,
        order__customer=company.customer_id,
        order__status="open",
    )
    return set(holds.values_list("order_id", flat=True))


def limit_over(buyer: Buyer, total: Decimal) -> Decimal | None:
    """Return the limit that this total is over for the buyer, or None: nobody has to agree."""
    wanted = PurchaseOrder(company=buyer.company, buyer=buyer, total_amount=total)
    return approval_needed(wanted)


def others_who_approve(buyer: Buyer) -> list[User]:
    """Return who could agree to what this buyer hands in."""
    return [each for each in buyers_who_approve(buyer.company) if each.pk != buyer.user_id]


@dataclass(frozen=True)
class Owed:
    """What a company has still to pay us."""

    open_amount: Decimal
    open_count: int
    late_amount: Decimal
    late_count: int


@dataclass(frozen=True)
class Overview:
    """What a buyer sees first: what waits for him or her, then what is under way."""

    approvals: list[PurchaseOrder]
    quotes: list[Quote]
    orders: list[PurchaseOrder]
    drafts: list[PurchaseOrder]
    late: list[Invoice]
    owed: Owed
    credit: CreditAccount
    held: set[int]


def overview_of(buyer: Buyer, today: date) -> Overview:
    """Return the first page of a buyer. Eight queries."""
    orders = orders_for(buyer)
    invoices = invoices_for(buyer).filter(status__in=["issued", "part_paid"])
    quotes = offers_for(buyer).filter(status=QuoteStatus.PRESENTED)
    return Overview(
        approvals=list(to_approve(buyer).order_by("id")[:MOST_WAITING]),
        quotes=list(quotes.order_by("valid_until", "id")[:MOST_WAITING]),
        orders=list(orders.filter(status__in=OPEN).order_by("-id")[:MOST_WAITING]),
        drafts=list(drafts_of(buyer)[:3]),
        late=list(invoices.filter(due_on__lt=today).order_by("due_on", "id")[:MOST_WAITING]),
        owed=_owed(invoices, today),
        credit=CreditAccount.objects.get(company=buyer.company_id),
        held=held_orders(buyer.company),
    )


def _owed(invoices: QuerySet[Invoice], today: date) -> Owed:
    late = Q(due_on__lt=today)
    left = F("amount") - F("paid_amount") - F("credited_amount")
    sums = invoices.order_by().aggregate(
        open_amount=Sum(left, default=ZERO),
        open_count=Count("id"),
        late_amount=Sum(left, filter=late, default=ZERO),
        late_count=Count("id", filter=late),
    )
    return Owed(**sums)


@dataclass(frozen=True)
class Article:
    """Something a company may order: what it pays at which quantity, and how much there is."""

    sku: Sku
    prices: list[Offer]
    free: int
    expected_on: date | None


def articles(company: Company, skus: Iterable[Sku], on: date) -> list[Article]:
    """Return these SKUs as a company may order them. Nine queries at most."""
    rows = list(skus)
    codes = [sku.code for sku in rows]
    if not rows:
        return []
    prices = price_breaks(company, codes, on)
    free = free_units(codes)
    coming = coming_on({code: 1 for code in codes if not free[code]}, on)
    return [
        Article(sku, prices.get(sku.code, []), free[sku.code], coming.get(sku.code)) for sku in rows
    ]


def free_units(codes: Iterable[str]) -> dict[str, int]:
    """Return how many units a new order may be promised now, by SKU code. Two queries, three with
    kits."""
    return {code: offer.promisable for code, offer in offers_of(codes).items()}


def coming_on(short: Mapping[str, int], today: date) -> dict[str, date]:
    """Return by when so many more units than there are can be expected, where a supplier gave his
    word. Those who wait already come first; a kit is there when its last component is. Five
    queries, nine with kits; none when nothing is short."""
    if not short:
        return {}
    rows = Sku.objects.filter(code__in=short).values_list("code", "pk", "is_kit")
    known = {code: (pk, is_kit) for code, pk, is_kit in rows}
    pks = {code: pk for code, (pk, is_kit) in known.items() if not is_kit}
    lacking = {code: {code: short[code]} for code in pks}
    if kits := known.keys() - pks.keys():
        lacking |= _lacking_of_kits({code: short[code] for code in kits})
        components = {sku for code in kits for sku in lacking[code]}
        pks |= dict(Sku.objects.filter(code__in=components).values_list("code", "pk"))
    arrivals = arriving(list(pks.values()), today=today)
    ahead = units_waiting(list(pks.values())) if arrivals else {}

    def day(sku: str, units: int) -> date | None:
        pk = pks[sku]
        return expected_on(
            [(each.units, each.expected_on) for each in arrivals.get(pk, [])],
            after=ahead[pk].units if pk in ahead else 0,
            units=units,
        )

    found = {}
    for code, units_by_sku in lacking.items():
        days = [day(sku, units) for sku, units in units_by_sku.items()]
        there = [each for each in days if each is not None]
        if there and len(there) == len(days):
            found[code] = max(there)
    return found


def _lacking_of_kits(short: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Return what lacks for so many more kits than can be made, by kit and component."""
    found = {}
    for code, offer in offers_of(short).items():
        wanted = offer.promisable + short[code]
        found[code] = {
            sku: units
            for sku, in_one in offer.components.items()
            if (units := wanted * in_one - offer.of[sku].promisable) > 0
        }
    return found
