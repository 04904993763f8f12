from collections.abc import Collection, Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from b2b.models import (
    Buyer,
    Company,
    CompanyAddress,
    Invoice,
    PurchaseOrder,
    Quote,
    QuoteRequest,
)
from b2b.states import AddressKind, BuyerRole
from oms.core.models import User
from oms.customers.addresses import Address


def buyer_of(user: User | AnonymousUser) -> Buyer | None:
    """Return for whom `user` buys, with the company; None for everybody else. One query."""
    found = Buyer.objects.select_related("company", "user").filter(
        user_id=user.pk or 0, is_active=True, company__is_active=True, user__is_active=True
    )
    return found.first() if user.pk else None


def companies_of(user: User | AnonymousUser) -> QuerySet[Company]:
    """Return the companies `user` may know of: all, those of a rep, or the one bought for."""
    companies = Company.objects.select_related("sales_rep", "price_list")
    if user.has_perm("b2b.view_every_company"):
        return companies
    if user.has_perm("b2b.view_company"):
        return companies.filter(sales_rep_id=user.pk)
    return companies.filter(
        pk__in=Buyer.objects.filter(user_id=user.pk or 0, is_active=True).values("company")
    )


def requests_of(user: User | AnonymousUser) -> QuerySet[QuoteRequest]:
    return QuoteRequest.objects.select_related("company").filter(_within(user))


def quotes_of(user: User | AnonymousUser) -> QuerySet[Quote]:
    """Return the quotes `user` may see; a buyer sees none before it was presented."""
    found = Quote.objects.select_related("company", "request").filter(_within(user))
    if user.has_perm("b2b.view_company"):
        return found
    return found.filter(presented_at__isnull=False)


def purchase_orders_of(user: User | AnonymousUser) -> QuerySet[PurchaseOrder]:
    found = PurchaseOrder.objects.select_related("company", "order", "sales_rep")
    return found.filter(_within(user))


def invoices_of(user: User | AnonymousUser) -> QuerySet[Invoice]:
    found = Invoice.objects.select_related("company", "purchase_order", "order", "shipment")
    return found.filter(_within(user))


def _within(user: User | AnonymousUser) -> Q:
    if user.has_perm("b2b.view_every_company"):
        return Q()
    return Q(company__in=companies_of(user).values("pk"))


def default_address(company: Company, kind: str) -> Address | None:
    """Return the company's default address of a kind, else its first one, else the other kind's."""
    found = CompanyAddress.objects.filter(company=company).order_by("-is_default", "id")
    rows = list(found)
    best = [row for row in rows if row.kind == kind] or rows
    address: Address | None = best[0].address if best else None
    return address


def addresses_of(company: Company, kind: str = AddressKind.SHIP) -> list[CompanyAddress]:
    return list(
        CompanyAddress.objects.filter(company=company, kind=kind).order_by("-is_default", "label")
    )


def buyers_who_approve(company: Company) -> list[User]:
    """Return the people of a company who may approve, by name."""
    people = User.objects.filter(
        is_active=True,
        buyer__company=company,
        buyer__is_active=True,
        buyer__role__in=[BuyerRole.APPROVER, BuyerRole.ADMIN],
    )
    return list(people.order_by("username"))


def sales_reps() -> QuerySet[User]:
    """Return who may be named as a sales rep: the sales people, and whoever has accounts."""
    sells = Q(groups__name="sales") | Q(companies__isnull=False)
    return User.objects.filter(sells, is_active=True).distinct().order_by("username")


def addresses_to_write_to(company: Company, people: Iterable[User] = ()) -> tuple[str, ...]:
    """Return e-mail addresses: those of `people`, or the company's own when there are none."""
    found = sorted({person.email for person in people if person.email})
    return tuple(found) or ((company.email,) if company.email else ())


def customers_of_companies(keys: Collection[int]) -> set[int]:
    """Return those of these customers who stand for companies. One query."""
    return set(Company.objects.filter(customer__in=keys).values_list("customer_id", flat=True))
