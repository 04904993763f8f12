"""Lines a company asks for, with the price each goes by and where it comes from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from b2b import selectors
from b2b.errors import AmountNotFitting
from b2b.models import Company
from b2b.rules.pricing import Offer
from b2b.services.wishes import LineWish
from oms.catalog.errors import UnknownSku
from oms.catalog.models import Sku
from oms.core.money import rounded

MOST_UNITS = 99_999
LARGEST_PRICE = Decimal(10) ** 9


@dataclass(frozen=True)
class Priced:
    """A wish, the SKU it means (None: not known) and what the company pays for one of it."""

    wish: LineWish
    sku: Sku | None
    offer: Offer | None

    def amount(self, currency: str) -> Decimal:
        price = self.wish.unit_price
        if price is None:
            price = self.offer.unit_price if self.offer else Decimal(0)
        return rounded(self.wish.quantity * price, currency)


def priced(
    company: Company, wishes: Sequence[LineWish], on: date, *, unknown_skus: bool = False
) -> list[Priced]:
    """Return each wish with its SKU and price; lines of one SKU reach a quantity together.

    Raises: UnknownSku unless `unknown_skus` are let through, AmountNotFitting.
    """
    for number, wish in enumerate(wishes):
        _refuse_nonsense(number, wish)
    known = {sku.code: sku for sku in Sku.objects.filter(code__in={wish.sku for wish in wishes})}
    missing = sorted({wish.sku for wish in wishes} - known.keys())
    if missing and not unknown_skus:
        raise UnknownSku(skus=missing)
    together: Counter[str] = Counter()
    for wish in wishes:
        together[wish.sku] += wish.quantity
    prices = selectors.company_prices(company, together, on)
    return [Priced(wish, known.get(wish.sku), prices.get(wish.sku)) for wish in wishes]


def _refuse_nonsense(number: int, wish: LineWish) -> None:
    if not 0 < wish.quantity <= MOST_UNITS:
        reason = f"order 1 to {MOST_UNITS:,} units"
        raise AmountNotFitting(pointer=f"/lines/{number}/quantity", reason=reason)
    price = wish.unit_price
    if price is not None and not 0 <= price <= LARGEST_PRICE:
        reason = "a price is not less than nothing, and not beyond reason"
        raise AmountNotFitting(pointer=f"/lines/{number}/unit_price", reason=reason)
