from datetime import date, datetime
from decimal import Decimal

from b2b.models import PriceList, PriceListEntry
from b2b.services.found import company_by, price_list_by
from oms.catalog.errors import UnknownSku
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.services import service


@service
def save_price_list(
    *, code: str, name: str, currency: str, by: Actor, at: datetime, is_active: bool = True
) -> PriceList:
    """Make a price list, or change its name, currency or switch.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    kept, _ = PriceList.objects.update_or_create(
        code=code, defaults={"name": name, "currency": currency, "is_active": is_active}
    )
    return kept


@service
def set_price(
    *,
    price_list: str,
    sku: str,
    unit_price: Decimal,
    by: Actor,
    at: datetime,
    min_quantity: int = 1,
    company: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> PriceListEntry:
    """Agree on a price from a quantity on; the same quantity from the same day is changed.

    Raises: PriceListNotFound, CompanyNotFound, UnknownSku.
    Locks: nothing.
    Publishes: nothing.
    """
    unit = Sku.objects.filter(code=sku).first()
    if unit is None:
        raise UnknownSku(skus=[sku])
    kept, _ = PriceListEntry.objects.update_or_create(
        price_list=price_list_by(price_list),
        company=company_by(company) if company else None,
        sku=unit,
        min_quantity=min_quantity,
        valid_from=valid_from,
        defaults={"unit_price": unit_price, "valid_until": valid_until},
    )
    return kept
