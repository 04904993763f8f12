"""Writing down an order by hand."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from oms.core.actors import Actor
from oms.core.errors import Refusal
from orders import services
from orders.entry import LINES, MOST_LINES, OrderEntryForm, line_entries, new_identity


@login_required
@permission_required("orders.place_order", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for customer, address and lines, then place the order as a channel would."""
    if request.method != "POST":
        external_id, placed_at = new_identity()
        form = OrderEntryForm(initial={"external_id": external_id, "placed_at": placed_at})
        return render(request, "orders/new.html", {"form": form, "lines": line_entries()})
    if request.POST.get("step") == "more":
        return _with_more_lines(request)
    form, lines = OrderEntryForm(request.POST), line_entries(request.POST)
    valid, lines_valid = form.is_valid(), lines.is_valid()
    status = 422
    if valid and lines_valid:
        try:
            placed = services.place_order(
                wanted=form.wanted(lines.lines()),
                channel=form.principal,
                by=Actor.of(request.user),
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("{n} is placed.").format(n=placed.number))
            return redirect("orders:detail", placed.number)
    return render(request, "orders/new.html", {"form": form, "lines": lines}, status=status)


def _with_more_lines(request: HttpRequest) -> HttpResponse:
    """Show what was written so far, nothing judged yet, with room for more."""
    said = request.POST.copy()
    total = str(said.get("form-TOTAL_FORMS", ""))
    count = int(total) if total.isascii() and total.isdigit() and len(total) < 5 else 0
    rows = range(min(count + LINES, MOST_LINES))
    names = ("sku", "quantity", "unit_price")
    kept = [{name: said.get(f"form-{row}-{name}", "") for name in names} for row in rows]
    form = OrderEntryForm(initial=said.dict())
    context = {"form": form, "lines": line_entries(kept=kept)}
    return render(request, "orders/new.html", context)
