"""Tags of the order pages."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal
from django import template
from django.template import Context
from django.utils import timezone
from django.utils.translation import gettext

from inventory.selectors import serving_locations
from oms.core.display import locale, span_text
from oms.core.money import exponent
from orders import selectors
from orders.models import Order, OrderChange, OrderLine
from orders.states import ChangeStatus
from orders.telling import Goods

register = template.Library()


@register.simple_tag
def unit_price(value: Decimal, currency: str) -> str:
    """Write a price with all the decimals it has, the currency's own at least."""
    places = max(exponent(currency), -int(value.normalize().as_tuple().exponent))
    return format_decimal(value, format=f"#,##0.{'0' * places}".rstrip("."), locale=locale())


@register.filter
def language_word(code: str) -> str:
    """Name a language as the reader calls it: nl is Dutch."""
    try:
        return Locale.parse(code.replace("-", "_")).get_display_name(locale()) or code
    except (UnknownLocaleError, ValueError):
        return code


@register.inclusion_tag("orders/_changes_of.html", takes_context=True)
def changes_of(context: Context, order: Order) -> dict[str, object]:
    """Show staff the changes of an order that wait to be confirmed."""
    found = OrderChange.objects.filter(order=order, status=ChangeStatus.PREVIEWED)
    return {"order": order, "changes": list(found.order_by("-id")[:5]), "perms": context["perms"]}


@register.filter
def place_name(code: str) -> str:
    """Name a location; its code when it serves no more."""
    return next((each.name for each in serving_locations() if each.code == code), code)


@register.filter
def age(at: datetime) -> str:
    """Say how long ago that was: 26 h."""
    return span_text((timezone.now() - at).total_seconds())


@register.simple_tag
def placed_and_shipped() -> list[str]:
    """Name the two bars of the chart of the day."""
    return [gettext("placed"), gettext("shipped")]


@register.inclusion_tag("status/_expected.html")
def expected_goods(order: Order, lines: Sequence[OrderLine]) -> dict[str, object]:
    """Tell the customer what waits for stock, and the days it is expected."""
    days: dict[date | None, list[Goods]] = {}
    for each in selectors.expected_of(order, lines):
        days.setdefault(each.expected_on, []).append(Goods(each.units, each.line.name))
    return {"days": sorted(days.items(), key=lambda day: day[0] or date.max)}


@register.inclusion_tag("orders/_expected.html", takes_context=True)
def expected_stock(context: Context, order: Order, lines: Sequence[OrderLine]) -> dict[str, object]:
    """Show staff which units wait for stock, and the day each is expected by its place in line."""
    expected = selectors.expected_of(order, lines)
    return {"expected": expected, "perms": context.get("perms"), "shell": context.get("shell")}
