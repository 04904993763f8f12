"""What business customers contribute to pages of other floors."""

from typing import Any, cast

from django import template
from django.http import HttpRequest
from django.template import Context

from b2b import selectors
from b2b.models import Invoice
from oms.core.models import User
from orders.models import Order

register = template.Library()


@register.inclusion_tag("b2b/_of_order.html", takes_context=True)
def business_of(context: Context, order: Order) -> dict[str, Any]:
    """Show whose purchase order became this order and what was invoiced; nothing of others.

    One query, for a company's order two.
    """
    request = cast(HttpRequest, context["request"])
    user = cast(User, request.user)
    if not user.has_perm("b2b.view_purchaseorder"):
        return {}
    found = selectors.purchase_orders_of(user).filter(order=order).first()
    invoices = Invoice.objects.filter(order=order).order_by("id") if found else ()
    return {"document": found, "invoices": invoices, "user": user}
