"""What returns contribute to pages of other floors."""

from typing import Any

from django import template
from django.contrib.auth.context_processors import PermWrapper
from django.template import Context

from orders.models import Order
from returns import selectors

register = template.Library()


@register.inclusion_tag("returns/_of_order.html", takes_context=True)
def returns_of(context: Context, order: Order) -> dict[str, Any]:
    """Show the returns of an order and the way to ask for one. Three queries."""
    documents = selectors.return_list().filter(order=order).order_by("-id")
    perms: PermWrapper | None = context.get("perms")
    return {
        "order": order,
        "rows": selectors.rows_of(documents),
        "may_request": bool(perms and perms["returns"]["request_returnauthorization"]),
        "is_returnable": bool(selectors.returnable_lines(order)),
    }
