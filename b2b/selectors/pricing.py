from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Q

from b2b.models import Company, PriceList, PriceListEntry
from b2b.rules.pricing import Entry, Offer, breaks, pick
from oms.catalog.models import Sku


def company_prices(company: Company, wanted: Mapping[str, int], on: date) -> dict[str, Offer]:
    """Return what the company pays for a unit, by SKU code, for these quantities. Two queries.

    A SKU without a price in the company's currency is left out.
    """
    found = {}
    for code, (entries, catalog_price) in _agreed(company, wanted).items():
        offer = pick(entries, quantity=wanted[code], on=on, catalog_price=catalog_price)
        if offer is not None:
            found[code] = offer
    return found


def price_breaks(company: Company, skus: Iterable[str], on: date) -> dict[str, list[Offer]]:
    """Return every quantity at which the price of a SKU changes, by SKU code. Two queries."""
    return {
        code: breaks(entries, on=on, catalog_price=catalog_price)
        for code, (entries, catalog_price) in _agreed(company, skus).items()
    }


Agreed = dict[str, tuple[list[Entry], Decimal | None]]


def _agreed(company: Company, skus: Iterable[str]) -> Agreed:
    """What was agreed for these SKUs, and the catalog's price where it is in this currency."""
    catalog = {sku.pk: sku for sku in Sku.objects.filter(code__in=list(skus))}
    mine = Q(company=company) | Q(company__isnull=True, price_list=company.price_list_id)
    rows = PriceListEntry.objects.filter(
        mine,
        sku__in=catalog,
        price_list__is_active=True,
        price_list__currency=company.currency,
    ).select_related("price_list")
    entries: dict[int, list[Entry]] = defaultdict(list)
    for row in rows:
        entries[row.sku_id].append(
            Entry(
                unit_price=row.unit_price,
                min_quantity=row.min_quantity,
                list_name=row.price_list.name,
                is_own=row.company_id is not None,
                valid_from=row.valid_from,
                valid_until=row.valid_until,
            )
        )
    return {
        sku.code: (
            entries[sku.pk],
            sku.price if sku.currency in {"", company.currency} else None,
        )
        for sku in catalog.values()
    }


def price_list_exists(code: str) -> bool:
    """Whether there is such a price list. One query."""
    return PriceList.objects.filter(code=code).exists()
