"""Looking an order over before it is handed in: what it costs today, and what will become of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from b2b import entry, selectors, services, telling
from b2b.errors import PurchaseOrderKnown
from b2b.forms_portal import ReviewForm
from b2b.models import Buyer, CreditAccount, PurchaseOrder, PurchaseOrderLine
from b2b.selectors import buying
from b2b.selectors.companies import addresses_of
from b2b.states import PurchaseStatus, Source
from b2b.views.grid import Grid
from b2b.views.portal.access import buyers_only
from b2b.views.portal.ordering import grid_context, grid_of, save_draft, sent_grid
from b2b.views.seen import one
from oms.core.actors import Actor
from oms.core.display import money_text
from oms.core.errors import Refusal
from oms.customers.addresses import Address


@buyers_only
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponse:
    """Look an order over, change its quantities, and hand it in at the total that was shown."""
    draft = one(buying.writable(buyer), number)
    past = _past(buyer, request)
    places = addresses_of(buyer.company)
    if request.method == "GET":
        grid = grid_of(buyer.company, draft)
        form = ReviewForm(places=places, initial=_head_of(draft, places))
        return _show(request, buyer, grid, form, past)
    step = request.POST.get("step", "look")
    grid = sent_grid(request, buyer, step)
    grid.number = number
    grid.rows = [row for row in grid.rows if row.sku and row.quantity not in {"", "0"}]
    form = ReviewForm(request.POST, places=places)
    total = str(entry.total(grid.rows, buyer.company.currency))
    is_sound = form.is_valid() and bool(grid.written) and not grid.has_errors
    if step != "submit":
        _keep(request, buyer, grid, draft, form)
        form = form if form.errors else ReviewForm(places=places, initial=_said(request))
    elif is_sound and request.POST.get("seen") == total:
        try:
            return _hand_in(request, buyer, grid, form)
        except PurchaseOrderKnown as refusal:
            form.add_error("po_number", str(refusal))
        except Refusal as refusal:
            grid.refusal = str(refusal)
    moved = step == "submit" and is_sound and request.POST.get("seen") != total
    return _show(request, buyer, grid, form, past, step=step, moved=moved)


def _hand_in(request: HttpRequest, buyer: Buyer, grid: Grid, form: ReviewForm) -> HttpResponse:
    said = form.cleaned_data
    done = services.enter_purchase_order(
        company=buyer.company.code,
        lines=grid.wishes,
        source=Source.PORTAL,
        number=grid.number,
        po_number=said["po_number"],
        ship_to=form.address,
        requested_on=said["requested_on"],
        note=said["note"],
        by=Actor.of(buyer.user),
        at=timezone.now(),
    )
    messages.success(request, _outcome(buyer, done))
    return redirect("buying:orders-one", done.number)


def _outcome(buyer: Buyer, done: PurchaseOrder) -> str:
    """Say what became of an order that was handed in."""
    if done.status == PurchaseStatus.PENDING_APPROVAL:
        return _("{n} waits for approval by {who}.").format(n=done.number, who=_approvers(buyer))
    if done.status == PurchaseStatus.SUBMITTED:
        why = " ".join(telling.why_waiting(done))
        return _("{n} is with us. {why}").format(n=done.number, why=why)
    if done.order_id in buying.held_orders(buyer.company):
        return _("{n} is accepted. It is on hold until there is room in your credit.").format(
            n=done.number
        )
    return _("{n} is accepted.").format(n=done.number)


def _approvers(buyer: Buyer) -> str:
    names = [telling.person(each) for each in buying.others_who_approve(buyer)]
    return _(" or ").join(names) or _("us, as nobody else of your company may")


def _past(buyer: Buyer, request: HttpRequest) -> dict[str, PurchaseOrderLine]:
    """Return the lines of the earlier order that this one repeats, by SKU."""
    number = request.POST.get("from", request.GET.get("from", ""))
    found = buying.orders_for(buyer).filter(number=number).first() if number else None
    lines = selectors.lines_of_purchase_order(found) if found else []
    return {line.sku_code: line for line in lines}


def _head_of(draft: PurchaseOrder, places: list[Any]) -> dict[str, Any]:
    label = next((each.label for each in places if each.address == draft.ship_to), None)
    names = ("po_number", "requested_on", "note")
    return {**{name: getattr(draft, name) for name in names}, "ship_to": label}


def _said(request: HttpRequest) -> dict[str, str]:
    names = ("ship_to", "po_number", "requested_on", "note")
    return {name: request.POST.get(name, "") for name in names}


def _keep(
    request: HttpRequest, buyer: Buyer, grid: Grid, draft: PurchaseOrder, form: ReviewForm
) -> None:
    """Keep quantities, and what is said around them as far as it is right, in the draft."""
    said: dict[str, Any] = {name: form.cleaned_data.get(name) for name in ("requested_on",)}
    said["po_number"] = form.cleaned_data.get("po_number", "")
    said["note"] = form.cleaned_data.get("note", "")
    place: Address | None = form.places.get(form.cleaned_data.get("ship_to", ""))
    try:
        kept = save_draft(request, buyer, grid.wishes, draft, ship_to=place, **said)
    except PurchaseOrderKnown as refusal:
        form.add_error("po_number", str(refusal))
    except Refusal as refusal:
        grid.refusal = str(refusal)
    else:
        grid.version, grid.saved = str(kept.version), True


def _show(
    request: HttpRequest,
    buyer: Buyer,
    grid: Grid,
    form: ReviewForm,
    past: dict[str, PurchaseOrderLine],
    *,
    step: str = "",
    moved: bool = False,
) -> HttpResponse:
    context = grid_context(grid)
    codes = {row.code for row in grid.rows}
    for each in context["rows"]:
        before = past.get(each["row"].code)
        price = each["row"].unit_price
        each["was"] = before.unit_price if before and before.unit_price != price else None
    credit = CreditAccount.objects.get(company=buyer.company)
    room = credit.room_amount
    limit = buying.limit_over(buyer, context["total"])
    left_out = [line for code, line in past.items() if code not in codes]
    orderable = selectors.company_prices(
        buyer.company, {line.sku_code: 1 for line in left_out}, timezone.localdate()
    )
    context.update(
        buyer=buyer,
        form=form,
        credit=credit,
        limit=limit,
        approvers=_approvers(buyer) if limit is not None else "",
        over=credit.is_blocked or (room is not None and context["total"] > room),
        room=money_text(room, credit.currency) if room is not None else "",
        left_out=[line for line in left_out if line.sku_code not in orderable],
        past=request.POST.get("from", request.GET.get("from", "")),
        moved=moved,
        money="b2b/portal/_review_sum.html",
    )
    alone = request.headers.get("HX-Request") == "true" and step == "keep"
    page = "b2b/_entry_found.html" if alone else "b2b/portal/review.html"
    return render(request, page, context, status=422 if step == "submit" else 200)
