"""Bringing in companies with their terms, and what was agreed with them as prices."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from b2b.models import (
    Company,
    CompanyAddress,
    CreditAccount,
    PriceList,
    PriceListEntry,
    PurchaseOrder,
)
from b2b.services import CHANNEL
from b2b.states import AddressKind
from oms.catalog.models import Sku
from oms.core import columns as column
from oms.core.imports import BadRow, Context, Importer, Outcome, Row, chunks, twins, upsert
from oms.core.models import User
from oms.customers.addresses import Address
from oms.customers.models import Customer

PLACE = ("line1", "city", "region", "postal_code", "country")
MAIN = "Main"
"""The label of the address that a file gives."""


class Companies(Importer):
    """Companies by code, with credit, terms, sales rep, price list and one address.

    A sales rep is a user by name, e-mail address or full name; one who has no account gets one
    that cannot sign in yet. A price list that is new begins empty.
    """

    title = _("Companies")
    permission = "b2b.change_company"
    page = "b2b:companies"
    columns = {
        "code": column.text(32),
        "name": column.text(200),
        "email": column.email,
        "tax_id": column.text(40),
        "terms_days": column.units(0, 365),
        "credit_limit": column.amount,
        "currency": column.currency,
        "line1": column.text(200),
        "city": column.text(100),
        "region": column.text(100),
        "postal_code": column.text(20),
        "country": column.country,
        "sales_rep": column.text(150),
        "price_list": column.text(64),
    }
    required = ("code", "name")

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        kept, bad = twins(rows, "code")
        known = Company.objects.in_bulk([row["code"] for row in kept], field_name="code")
        refused = [each for row in kept if (each := _refused(row, known))]
        lines = {each.line for each in refused}
        kept = [row for row in kept if row.line not in lines]
        outcome = Outcome(bad=[*bad, *refused])
        reps = rep_ids({row["sales_rep"] for row in kept if "sales_rep" in row.values}, outcome)
        lists = _lists(kept, known, outcome)
        for some in chunks(kept):
            _customers(some, context)
            outcome.counts += _companies(some, reps, lists, context)
            _accounts(some)
            _addresses(some)
        return outcome


def _refused(row: Row, known: dict[str, Company]) -> BadRow | None:
    company = known.get(row["code"])
    if any(name in row.values for name in PLACE) and "country" not in row.values:
        return row.bad("country", "an address needs its country")
    moved = company and row.get("currency", company.currency) != company.currency
    if company and moved and PurchaseOrder.objects.filter(company=company).exists():
        return row.bad("currency", f"it has documents in {company.currency}")
    return None


def rep_ids(names: set[str], outcome: Outcome) -> dict[str, int]:
    """Return the ids of sales reps by what the file calls them."""
    by_word: dict[str, int] = {}
    words = {name.casefold() for name in names}
    for user in User.objects.filter(is_active=True).order_by("-id") if names else ():
        for word in (user.get_full_name(), user.email, user.username):
            if word.casefold() in words:
                by_word[word.casefold()] = user.pk
    missing = sorted(name for name in names if name.casefold() not in by_word)
    if missing:
        sales = Group.objects.filter(name="sales").first()
        for name in missing:
            user = User(username=name)
            user.set_unusable_password()
            user.save()
            if sales:
                user.groups.add(sales)
            by_word[name.casefold()] = user.pk
        outcome.counts["sales reps added"] = len(missing)
    return {name: by_word[name.casefold()] for name in names}


def _lists(
    rows: Sequence[Row], known: dict[str, Company], outcome: Outcome
) -> dict[str, PriceList]:
    """Return the price lists by code; new ones are in the currency of the first company."""
    wanted = {row["price_list"]: row for row in reversed(rows) if "price_list" in row.values}
    lists = PriceList.objects.in_bulk(list(wanted), field_name="code")
    for code in sorted(wanted.keys() - lists.keys()):
        company = known.get(wanted[code]["code"])
        currency = wanted[code].get("currency", company.currency if company else "EUR")
        lists[code] = PriceList.objects.create(code=code, name=code, currency=currency)
        outcome.counts["price lists added"] += 1
    return lists


def _customers(rows: Sequence[Row], context: Context) -> None:
    wanted: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (
            {"external_id": row["code"]},
            {name: row[name] for name in ("name", "email") if name in row.values},
        )
        for row in rows
    ]
    upsert(
        Customer,
        wanted,
        key="external_id",
        known=Customer.objects.filter(origin=CHANNEL),
        fresh={"origin": CHANNEL, "created_at": context.at},
    )


def _companies(
    rows: Sequence[Row],
    reps: dict[str, int],
    lists: dict[str, PriceList],
    context: Context,
) -> Counter[str]:
    customers = dict(
        Customer.objects.filter(
            origin=CHANNEL, external_id__in=[row["code"] for row in rows]
        ).values_list("external_id", "pk")
    )
    wanted = []
    for row in rows:
        values = {
            name: row[name]
            for name in ("name", "email", "tax_id", "terms_days", "currency")
            if name in row.values
        }
        if "sales_rep" in row.values:
            values["sales_rep_id"] = reps[row["sales_rep"]]
        if "price_list" in row.values:
            values["price_list_id"] = lists[row["price_list"]].pk
        values["customer_id"] = customers[row["code"]]
        wanted.append(({"code": row["code"]}, values))
    return upsert(Company, wanted, key="code", fresh={"created_at": context.at})


def _accounts(rows: Sequence[Row]) -> None:
    """Give every company its credit account, with the limit and currency of its row."""
    companies = Company.objects.in_bulk([row["code"] for row in rows], field_name="code")
    known = {
        account.company_id: account
        for account in CreditAccount.objects.filter(company__in=companies.values())
    }
    added, changed = [], []
    for row in rows:
        company = companies[row["code"]]
        account = known.get(company.pk) or CreditAccount(company=company)
        before = (account.currency, account.limit_amount)
        account.currency = company.currency
        if "credit_limit" in row.values:
            account.limit_amount = row["credit_limit"]
        if account.company_id not in known:
            added.append(account)
        elif before != (account.currency, account.limit_amount):
            changed.append(account)
    CreditAccount.objects.bulk_create(added)
    CreditAccount.objects.bulk_update(changed, ["currency", "limit_amount"])


def _addresses(rows: Sequence[Row]) -> None:
    """Put the address of a row down as the company's main one."""
    companies = Company.objects.in_bulk([row["code"] for row in rows], field_name="code")
    with_one = [row for row in rows if "country" in row.values]
    places = CompanyAddress.objects.filter(
        company__in=[companies[row["code"]] for row in with_one], kind=AddressKind.SHIP
    )
    known = {place.company_id: place for place in places if place.label == MAIN}
    default = {place.company_id for place in places if place.is_default}
    added, changed = [], []
    for row in with_one:
        company = companies[row["code"]]
        said = {name: row[name] for name in PLACE if name in row.values}
        address = Address(name=company.name, **{"line1": "", "city": "", **said})
        place = known.get(company.pk)
        if place is None:
            added.append(
                CompanyAddress(
                    company=company,
                    kind=AddressKind.SHIP,
                    label=MAIN,
                    address=address,
                    is_default=company.pk not in default,
                )
            )
        elif place.address != address:
            place.address = address
            changed.append(place)
    CompanyAddress.objects.bulk_create(added)
    CompanyAddress.objects.bulk_update(changed, ["address"])


Agreed = tuple[int, int | None, int, int, date | None]


class PriceLists(Importer):
    """Prices by list, SKU, quantity and first day; with a company, for that company alone."""

    title = _("Price lists")
    permission = "b2b.change_pricelist"
    page = "b2b:price-lists"
    columns = {
        "price_list": column.text(64),
        "sku": column.text(64),
        "price": column.price,
        "company": column.text(32),
        "min_quantity": column.units(1),
        "currency": column.currency,
        "valid_from": column.day,
        "valid_until": column.day,
    }
    required = ("price_list", "sku", "price")

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        rows = [Row(row.line, {"min_quantity": 1, **row.values}) for row in rows]
        kept, bad = twins(rows, "price_list", "sku", "company", "min_quantity", "valid_from")
        outcome = Outcome(bad=bad)
        skus = Sku.objects.in_bulk({row["sku"] for row in kept}, field_name="code")
        companies = Company.objects.in_bulk(
            {row["company"] for row in kept if "company" in row.values}, field_name="code"
        )
        lists = _price_lists(kept, outcome)
        good = []
        for row in kept:
            problem = _problem(row, skus, companies, lists)
            if problem:
                outcome.bad.append(problem)
            else:
                good.append(row)
        for some in chunks(good):
            _prices(some, skus, companies, lists, outcome)
        return outcome


def _price_lists(rows: Sequence[Row], outcome: Outcome) -> dict[str, PriceList]:
    lists = PriceList.objects.in_bulk({row["price_list"] for row in rows}, field_name="code")
    for row in rows:
        code = row["price_list"]
        if code not in lists:
            currency = next(
                (
                    each["currency"]
                    for each in rows
                    if each["price_list"] == code and "currency" in each.values
                ),
                "EUR",
            )
            lists[code] = PriceList.objects.create(code=code, name=code, currency=currency)
            outcome.counts["price lists added"] += 1
    return lists


def _problem(
    row: Row,
    skus: dict[str, Sku],
    companies: dict[str, Company],
    lists: dict[str, PriceList],
) -> BadRow | None:
    currency = lists[row["price_list"]].currency
    first, last = row.get("valid_from"), row.get("valid_until")
    if row["sku"] not in skus:
        return row.bad("sku", f"there is no SKU {row['sku']}")
    if "company" in row.values and row["company"] not in companies:
        return row.bad("company", f"there is no company {row['company']}")
    if row.get("currency", currency) != currency:
        return row.bad("currency", f"{row['price_list']} is in {currency}")
    if first and last and last < first:
        return row.bad("valid_until", "it ends before it begins")
    return None


def _prices(
    rows: Sequence[Row],
    skus: dict[str, Sku],
    companies: dict[str, Company],
    lists: dict[str, PriceList],
    outcome: Outcome,
) -> None:
    known = {
        _identity(entry): entry for entry in _standing(lists.values(), [row["sku"] for row in rows])
    }
    added, changed = [], []
    for row in rows:
        company = companies[row["company"]] if "company" in row.values else None
        entry = PriceListEntry(
            price_list=lists[row["price_list"]],
            company=company,
            sku=skus[row["sku"]],
            min_quantity=row["min_quantity"],
            unit_price=row["price"],
            valid_from=row.get("valid_from"),
            valid_until=row.get("valid_until"),
        )
        before = known.get(_identity(entry))
        if before is None:
            added.append(entry)
            continue
        last = row.get("valid_until", before.valid_until)
        if (before.unit_price, before.valid_until) == (entry.unit_price, last):
            outcome.counts["unchanged"] += 1
        else:
            before.unit_price, before.valid_until = entry.unit_price, last
            changed.append(before)
    PriceListEntry.objects.bulk_create(added)
    PriceListEntry.objects.bulk_update(changed, ["unit_price", "valid_until"])
    outcome.counts["added"] += len(added)
    outcome.counts["changed"] += len(changed)


def _standing(lists: Iterable[PriceList], skus: list[str]) -> Iterable[PriceListEntry]:
    return PriceListEntry.objects.filter(price_list__in=list(lists), sku__code__in=skus)


def _identity(entry: PriceListEntry) -> Agreed:
    return (
        entry.price_list_id,
        entry.company_id,
        entry.sku_id,
        entry.min_quantity,
        entry.valid_from,
    )
