from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from b2b.errors import CompanyExists, CurrencyFixed
from b2b.events import CompanyChanged
from b2b.models import Company, CompanyAddress, CreditAccount, PurchaseOrder
from b2b.services.found import company_by, price_list_by, user_by
from b2b.services.wishes import PlaceOf
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service
from oms.customers.models import Customer
from oms.customers.services import CustomerDetails, remember

CHANNEL = "b2b"
"""The channel that purchase orders come in by."""

CHANGEABLE = {
    "name",
    "email",
    "phone",
    "tax_id",
    "currency",
    "language",
    "terms_days",
    "approval_limit_amount",
    "auto_accept",
    "ship_complete",
    "is_active",
    "sales_rep",
    "price_list",
}


@service
def create_company(
    *,
    code: str,
    name: str,
    by: Actor,
    at: datetime,
    email: str = "",
    phone: str = "",
    tax_id: str = "",
    currency: str = "EUR",
    language: str = "en",
    terms_days: int = 30,
    credit_limit: Decimal | None = None,
    approval_limit: Decimal | None = None,
    price_list: str = "",
    sales_rep: str = "",
    auto_accept: bool = True,
    ship_complete: bool = False,
    addresses: Sequence[PlaceOf] = (),
) -> Company:
    """Take a company on: with its credit account, and known to orders as their customer.

    `price_list` is a code, `sales_rep` a user's name. Without a credit limit nothing is checked.

    Raises: CompanyExists, PriceListNotFound, NoSuchUser.
    Locks: nothing.
    Publishes: CompanyChanged.
    """
    if Company.objects.filter(code=code).exists():
        raise CompanyExists(company=code)
    customer_id = remember(
        origin=CHANNEL,
        said=CustomerDetails(
            name=name, external_id=code, email=email, phone=phone, language=language
        ),
        stand_in=code,
        at=at,
    )
    company = Company.objects.create(
        code=code,
        name=name,
        email=email,
        phone=phone,
        tax_id=tax_id,
        currency=currency,
        language=language,
        terms_days=terms_days,
        approval_limit_amount=approval_limit,
        auto_accept=auto_accept,
        ship_complete=ship_complete,
        price_list=price_list_by(price_list) if price_list else None,
        sales_rep=user_by(sales_rep) if sales_rep else None,
        customer_id=customer_id,
        created_at=at,
    )
    CreditAccount.objects.create(company=company, currency=currency, limit_amount=credit_limit)
    for place in addresses:
        _put(company, place)
    publish(CompanyChanged(thread=code, subject=code, by=by, at=at, fields=["created"]))
    return company


@service
def change_company(*, code: str, changes: Mapping[str, Any], by: Actor, at: datetime) -> Company:
    """Change what is known of a company, by field name; unknown names are a mistake.

    `sales_rep` is a user's name and `price_list` a code, or empty for none. The currency stays
    once the company has bought something.

    Raises: CompanyNotFound, CurrencyFixed, PriceListNotFound, NoSuchUser.
    Locks: nothing.
    Publishes: CompanyChanged.
    """
    company = company_by(code)
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"A company has no {', '.join(sorted(unknown))}")
    wanted = dict(changes)
    if "sales_rep" in wanted:
        wanted["sales_rep"] = user_by(wanted["sales_rep"]) if wanted["sales_rep"] else None
    if "price_list" in wanted:
        wanted["price_list"] = price_list_by(wanted["price_list"]) if wanted["price_list"] else None
    news = {name: value for name, value in wanted.items() if getattr(company, name) != value}
    if "currency" in news and PurchaseOrder.objects.filter(company=company).exists():
        raise CurrencyFixed(company=code, currency=company.currency)
    if not news:
        return company
    for name, value in news.items():
        setattr(company, name, value)
    company.save(update_fields=list(news))
    if "currency" in news:
        CreditAccount.objects.filter(company=company).update(currency=company.currency)
    Customer.objects.filter(pk=company.customer_id).update(
        name=company.name, email=company.email, phone=company.phone, language=company.language
    )
    publish(CompanyChanged(thread=code, subject=code, by=by, at=at, fields=sorted(news)))
    return company


@service
def save_address(*, company: str, place: PlaceOf, by: Actor, at: datetime) -> CompanyAddress:
    """Put an address down, or change the one of that kind and label. The first is the default.

    Raises: CompanyNotFound.
    Locks: nothing.
    Publishes: CompanyChanged.
    """
    kept = _put(company_by(company), place)
    publish(CompanyChanged(thread=company, subject=company, by=by, at=at, fields=["addresses"]))
    return kept


def _put(company: Company, place: PlaceOf) -> CompanyAddress:
    others = CompanyAddress.objects.filter(company=company, kind=place.kind)
    is_default = place.is_default or not others.exclude(label=place.label).exists()
    if is_default:
        others.exclude(label=place.label).update(is_default=False)
    kept, _ = CompanyAddress.objects.update_or_create(
        company=company,
        kind=place.kind,
        label=place.label,
        defaults={"address": place.address, "is_default": is_default},
    )
    return kept
