"""Purchase orders of the company: the list, how each stands, approving and calling off."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from b2b import forms, selectors, services, telling
from b2b.models import Buyer, PurchaseOrder
from b2b.selectors import buying, listing
from b2b.states import PurchaseStatus
from b2b.views.acting import BOTH, Act, perform
from b2b.views.listing import list_page
from b2b.views.portal.access import buyers_only
from b2b.views.seen import one
from fulfillment.selectors import expected_of
from oms.core.display import money_text
from oms.core.said import posted
from orders.models import OrderLine
from orders.rules.kits import kits_in

PAGE = "b2b/portal/act.html"


@buyers_only
@require_GET
def orders(request: HttpRequest, buyer: Buyer) -> HttpResponse:
    """The company's orders, and the buyer's own drafts."""
    return list_page(
        request,
        listing.BUYERS_ORDERS,
        buying.orders_for(buyer),
        folder="b2b/portal",
        buyer=buyer,
        held=buying.held_orders(buyer.company),
    )


@buyers_only
@require_GET
def order(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponse:
    """Show an order: where each line is, its parcels and invoices. A draft is written on."""
    document = one(buying.orders_for(buyer), number)
    if document.status == PurchaseStatus.DRAFT:
        return redirect("buying:order-draft", number)
    placed: dict[str, list[OrderLine]] = {}
    expected = {}
    if document.order is not None:
        rows = list(OrderLine.objects.filter(order=document.order, quantity__gt=0))
        for row in rows:
            placed.setdefault(row.external_id, []).append(row)
        expected = {each.line.pk: each.expected_on for each in expected_of(document.order, rows)}
    held = buying.held_orders(buyer.company)
    lines = []
    for line in selectors.lines_of_purchase_order(document):
        found = placed.get(str(line.position), [])
        lines.append(
            {
                "line": line,
                "amount": line.amount(document.currency),
                "progress": telling.progress(
                    kits_in(found) if found[0].kit_id else found[0],
                    _expected(found, expected),
                    is_held=document.order_id in held,
                )
                if found
                else [],
            }
        )
    context = {
        "buyer": buyer,
        "document": document,
        "lines": lines,
        "held": held,
        "why": telling.why_waiting(document),
        "limit": selectors.approval_needed(document),
        "invoices": buying.invoices_for(buyer).filter(purchase_order=document).order_by("id"),
        "may_approve": buying.to_approve(buyer).filter(pk=document.pk).exists(),
        "may_cancel": _may_cancel(buyer, document),
        "may_write": buying.writable(buyer).filter(pk=document.pk).exists(),
    }
    return render(request, "b2b/portal/order_page.html", context)


def _expected(rows: Sequence[OrderLine], days: Mapping[int, date | None]) -> date | None:
    """By when what waits is there: the last component of a kit decides."""
    waiting = [days.get(row.pk) for row in rows if row.backordered]
    known = [day for day in waiting if day]
    return max(known) if known and len(known) == len(waiting) else None


def _may_cancel(buyer: Buyer, document: PurchaseOrder) -> bool:
    """Whose order it is calls it off, and those who approve for the company."""
    mine = document.buyer_id == buyer.pk or buyer.may_approve
    return mine and "cancel" in document.verbs


def _to_decide(buyer: Buyer, number: str) -> PurchaseOrder:
    """Return an order that this person may approve or turn down, or 404."""
    one(buying.orders_for(buyer), number)
    return one(buying.to_approve(buyer), number)


@buyers_only
@require_http_methods(BOTH)
def approve(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponse:
    """Agree that the company buys this."""
    document = _to_decide(buyer, number)
    act = Act(
        title=_("Approve {n}").format(n=number),
        button=_("Approve the order"),
        back=reverse("buying:orders-one", args=[number]),
        done=_("{n} is approved.").format(n=number),
        effects=[
            ("i-user", _("From"), telling.written_by(document)),
            ("i-money", _("Total"), money_text(document.total_amount, document.currency)),
        ],
        template=PAGE,
    )
    form = forms.NothingForm(posted(request))
    return perform(request, act, form, services.approve_purchase_order, number=number)


@buyers_only
@require_http_methods(BOTH)
def turn_down(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponse:
    """Do not agree, and say why."""
    _to_decide(buyer, number)
    act = Act(
        title=_("Turn {n} down").format(n=number),
        button=_("Turn the order down"),
        back=reverse("buying:orders-one", args=[number]),
        done=_("{n} is turned down. Who wrote it is told why.").format(n=number),
        is_danger=True,
        template=PAGE,
    )
    form = forms.ReasonForm(posted(request))
    return perform(request, act, form, services.reject_purchase_order, number=number)


@buyers_only
@require_http_methods(BOTH)
def cancel(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponse:
    """Call off what has not left us, or drop a draft."""
    document = one(buying.orders_for(buyer), number)
    if not _may_cancel(buyer, document):
        raise Http404
    is_draft = document.status == PurchaseStatus.DRAFT
    back = reverse("buying:orders") if is_draft else reverse("buying:orders-one", args=[number])
    act = Act(
        title=_("Cancel {n}").format(n=number),
        button=_("Drop the draft") if is_draft else _("Cancel the order"),
        back=back,
        done=_("{n} is cancelled.").format(n=number)
        if document.order is None
        else _("What was not packed yet of {n} is cancelled.").format(n=number),
        effects=[]
        if document.order is None
        else [("i-box", _("Packed"), _("What is packed or has left still comes to you"))],
        is_danger=True,
        template=PAGE,
    )
    form = forms.NothingForm(posted(request)) if is_draft else forms.ReasonForm(posted(request))
    said: dict[str, Any] = {"reason": _("Dropped by the buyer")} if is_draft else {}
    return perform(request, act, form, services.cancel_purchase_order, number=number, **said)
