"""To whom a letter goes, and what every letter about a company says."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from b2b.models import Buyer, Company
from oms.core.display import money_text
from oms.core.models import User
from oms.core.money import rounded
from oms.messaging.letters import Attachment, Letter, LetterKind, write

DAY = "%-d %B %Y"
PAGES = {"RFQ": "b2b:request", "Q": "b2b:quote", "PO": "b2b:purchase-order"}
PORTAL_PAGES = {
    "RFQ": "buying:quotes-request",
    "Q": "buying:quotes-one",
    "PO": "buying:orders-one",
    "INV": "buying:invoices-one",
}


def staff_page(number: str) -> str:
    """Return where colleagues look at a document."""
    kind = number.partition("-")[0]
    return f"{settings.OMS_BASE_URL}{reverse(PAGES[kind], args=[number])}"


def portal_page(number: str = "") -> str:
    """Return where people of a company find a document of theirs, else where they begin."""
    page = PORTAL_PAGES.get(number.partition("-")[0])
    path = reverse(page, args=[number]) if page else reverse("buying:overview")
    return f"{settings.OMS_BASE_URL}{path}"


def to_company(
    kind: LetterKind,
    company: Company,
    values: Mapping[str, Any],
    *,
    thread: str,
    buyer: Buyer | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> Letter | None:
    """Write to the company, and to the buyer whose document it is."""
    people = {company.email, buyer.user.email if buyer and buyer.is_active else ""}
    recipients = tuple(sorted(people - {""}))
    if not recipients:
        return None
    return write(
        kind,
        {"company": company.name, "url": portal_page(values["number"]), **values},
        recipients=recipients,
        thread=thread,
        language=company.language,
        attachments=attachments,
    )


def to_people(
    kind: LetterKind,
    people: Iterable[User],
    company: Company,
    values: Mapping[str, Any],
    *,
    thread: str,
) -> Letter | None:
    """Write to colleagues, or to people of the company."""
    recipients = tuple(sorted({person.email for person in people if person.email}))
    if not recipients:
        return None
    return write(
        kind,
        {"company": company.name, "url": staff_page(values["number"]), **values},
        recipients=recipients,
        thread=thread,
    )


def looks_after(company: Company, permission: str) -> list[User]:
    """Return the company's sales rep, or without one everybody who has the permission."""
    if company.sales_rep is not None and company.sales_rep.is_active:
        return [company.sales_rep]
    return holders(permission)


def holders(permission: str) -> list[User]:
    """Return the people whose roles give a permission such as `b2b.approve_quote`."""
    app, _, codename = permission.partition(".")
    found = User.objects.filter(
        is_active=True,
        groups__permissions__codename=codename,
        groups__permissions__content_type__app_label=app,
    )
    return list(found.distinct().order_by("username"))


def line(
    *,
    quantity: int,
    name: str,
    sku: str,
    unit_price: Decimal,
    amount: Decimal,
    currency: str,
    expected_on: date | None = None,
) -> dict[str, Any]:
    """Return a line of a document as letters show it."""
    return {
        "quantity": quantity,
        "name": name,
        "sku": sku,
        "price": price_text(unit_price, currency),
        "amount": money_text(amount, currency),
        "expected_on": day(expected_on),
    }


def day(value: date | None) -> str:
    return value.strftime(DAY) if value else ""


def price_text(price: Decimal, currency: str) -> str:
    """Return the price of one unit, with all the decimals that it has."""
    if rounded(price, currency) == price:
        return money_text(price, currency)
    return f"{price.normalize():f} {currency}"
