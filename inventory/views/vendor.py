"""The supplier's own page, opened by a signed link: what is ordered, and what it says to that."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from inventory import selectors, services
from inventory.forms import VendorForm
from inventory.states import WITH_SUPPLIER
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.private_pages import private
from oms.core.said import posted


@private
@require_http_methods(["GET", "POST"])
def commit(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of a link say what comes when; one answer for every link that is none."""
    order = selectors.replenishment_by_token(token, at=timezone.now())
    if order is None:
        return render(request, "inventory/vendor_unknown.html", status=404)
    with translation.override(order.supplier.language):
        lines = selectors.lines_of_replenishment(order)
        today = timezone.localdate()
        form = VendorForm(posted(request), lines=lines, today=today)
        status = 422 if form.is_bound else 200
        if form.is_valid():
            try:
                services.commit_replenishment(
                    number=order.number,
                    answers=[_answer(each) for each in form.answers],
                    by=Actor("supplier", order.supplier.code),
                    at=timezone.now(),
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                return redirect(f"{request.path}?thanks=1")
        context = {
            "order": order,
            "lines": lines,
            "form": form,
            "is_open": order.status in WITH_SUPPLIER and bool(form.lines),
        }
        return render(request, "inventory/vendor.html", context, status=status)


def _answer(said: dict[str, Any]) -> services.Answer:
    return services.Answer(
        sku=said["sku"],
        parts=[services.Part(units, day) for units, day in said["parts"]],
        is_declined=said["is_declined"],
        note=said["note"],
    )
