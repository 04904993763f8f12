"""Who waits for stock, on pages of the floors below: `{% load backorders %}`."""

from collections.abc import Sequence
from datetime import date

from django import template
from django.template import Context
from django.utils import timezone

from fulfillment import selectors
from inventory.selectors import visible_location_ids
from oms.catalog.models import Sku
from orders.models import Order, OrderLine
from orders.telling import Goods, is_not_out

register = template.Library()
SHOWN = 5


@register.inclusion_tag("status/_expected.html")
def expected_goods(order: Order, lines: Sequence[OrderLine]) -> dict[str, object]:
    """Tell the customer what waits for stock, and the days it is expected."""
    days: dict[date | None, list[Goods]] = {}
    out = [line for line in lines if not is_not_out(line)]
    for each in selectors.expected_of(order, out):
        days.setdefault(each.expected_on, []).append(Goods(each.units, each.line.name))
    return {"days": sorted(days.items(), key=lambda day: day[0] or date.max)}


@register.inclusion_tag("orders/_expected.html", takes_context=True)
def expected_stock(context: Context, order: Order, lines: Sequence[OrderLine]) -> dict[str, object]:
    """Show staff the place in line of each unit that waits for stock, and the day it is
    expected."""
    return {
        "waiting": selectors.waiting_of(order, lines, at=timezone.now()),
        "perms": context.get("perms"),
        "shell": context.get("shell"),
    }


@register.inclusion_tag("fulfillment/_waiting_for.html", takes_context=True)
def waiting_for(context: Context, sku: Sku) -> dict[str, object]:
    """Show staff the first of those who wait for a SKU."""
    user = context["request"].user
    here = visible_location_ids(user)
    places = selectors.places_in_line([sku.pk], at=timezone.now(), location_ids=here)
    return {
        "sku": sku,
        "places": places[:SHOWN],
        "of": len(places),
        "units": sum(each.waiter.units for each in places),
        "rule": places[0].rule if places else None,
        "sees_orders": here is None and user.has_perm("orders.view_order"),
    }
