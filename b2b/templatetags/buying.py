"""What the buyers' portal adds to pages: `{% load buying %}`."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from b2b import telling
from b2b.buyers import buyer_in
from b2b.models import PurchaseOrder, Quote, QuoteRequest
from b2b.states import BuyerRole, PurchaseStatus, QuoteStatus, RequestStatus
from oms.core.templatetags.oms import mark, pill

register = template.Library()


@register.inclusion_tag("b2b/portal/_account.html", takes_context=True)
def buyer_account(context: Context) -> dict[str, Any]:
    """Show who is signed in for which company, and the way out."""
    return {"shell": context["shell"], "buyer": buyer_in(context["request"])}


@register.inclusion_tag("b2b/portal/_sections.html", takes_context=True)
def buyer_sections(context: Context) -> dict[str, Any]:
    """Show the sections of the portal to whoever buys, with the one that is open marked."""
    request = context["request"]
    buyer = buyer_in(request)
    found = getattr(request.resolver_match, "url_name", "") if request.resolver_match else ""
    return {
        "buyer": buyer,
        "here": (found or "").split("-")[0],
        "is_admin": buyer is not None and buyer.role == BuyerRole.ADMIN,
    }


@register.filter
def written_by(document: PurchaseOrder) -> str:
    """Name who of the company wrote a purchase order, else us."""
    return telling.written_by(document)


@register.simple_tag
def order_state(document: PurchaseOrder, held: object = (), plain: bool = True) -> SafeString:
    """Draw how a purchase order stands, as its company reads it; `held` are orders on hold."""
    if isinstance(held, (set, frozenset, list)) and document.order_id in held:
        return mark("wait", "s-pause", telling.HELD, plain)
    word = telling.ORDERS[PurchaseStatus(document.status)]
    return pill(document.status, "purchase_order", plain, word)


@register.simple_tag
def quote_state(document: Quote, plain: bool = True) -> SafeString:
    """Draw how a quote stands, as its company reads it."""
    word = telling.QUOTES[QuoteStatus(document.status)]
    return pill(document.status, "quote", plain, word)


@register.simple_tag
def request_state(document: QuoteRequest, plain: bool = True) -> SafeString:
    """Draw how a quote request stands, as its company reads it."""
    word = telling.REQUESTS[RequestStatus(document.status)]
    return pill(document.status, "rfq", plain, word)


@register.simple_tag
def said(found: telling.Said) -> SafeString:
    """Draw a word with its tone and shape."""
    return mark(found.tone, found.shape, found.word, True)
