"""The day from which on units of a SKU may go out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.forms import ReleaseForm
from inventory.views.stock import sku_or_404
from oms.catalog.services import set_release_date
from oms.core.actors import Actor
from oms.core.errors import Refusal


@login_required
@permission_required("catalog.set_release_date", raise_exception=True)
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, code: str) -> HttpResponse:
    """Say on which day a SKU comes out; who ordered it reads of it."""
    found = sku_or_404(code)
    form = ReleaseForm(request.POST or None, initial={"release_on": found.release_on})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        day = form.cleaned_data["release_on"]
        try:
            moved = set_release_date(
                sku=code, release_on=day, by=Actor.of(request.user), at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error("release_on", str(refusal))
            status = 409
        else:
            told = _("The day is set. Who waits for it is written to.")
            messages.success(request, told if moved else _("Nothing has changed."))
            return redirect("inventory:sku", code)
    alone = request.headers.get("HX-Request") == "true"
    template = "inventory/_release.html" if alone else "inventory/release.html"
    return render(request, template, {"form": form, "sku": found}, status=status)
