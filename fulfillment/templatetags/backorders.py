"""Who waits for stock, on pages of the floors below: `{% load backorders %}`."""

from collections.abc import Sequence
from datetime import date

from django import template
from django.template import Context

from fulfillment import selectors
from orders.models import Order, OrderLine
from orders.telling import Goods

register = template.Library()


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
