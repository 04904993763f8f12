"""What lies where: put away, moved, held, set free and scrapped, and taken along as a table."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from inventory import services
from inventory.forms import FreeForm, HoldForm, MoveForm, ScrapForm, UnitsForm
from inventory.models import Location
from inventory.selectors import lying, visible_location_ids
from inventory.views.stock import sku_or_404
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.exports import Cell, write_csv
from oms.core.htmx import is_part
from oms.core.models import User
from oms.core.said import posted
from oms.core.shell import shell_of


class Act(NamedTuple):
    """Something that is done with units that lie together."""

    form: type[UnitsForm]
    service: Callable[..., None]
    title: Any
    button: Any
    done: Any


ACTS = {
    "move": Act(
        MoveForm,
        services.move_units,
        gettext_lazy("Move to another bin"),
        gettext_lazy("Move the units"),
        gettext_lazy("The units are moved."),
    ),
    "hold": Act(
        HoldForm,
        services.hold_units,
        gettext_lazy("Hold units"),
        gettext_lazy("Hold the units"),
        gettext_lazy("The units are held."),
    ),
    "free": Act(
        FreeForm,
        services.free_units,
        gettext_lazy("Set units free"),
        gettext_lazy("Set the units free"),
        gettext_lazy("The units are free. Orders that wait got theirs first."),
    ),
    "scrap": Act(
        ScrapForm,
        services.scrap_units,
        gettext_lazy("Scrap units"),
        gettext_lazy("Scrap the units"),
        gettext_lazy("The units are off the books."),
    ),
}


def location_or_404(request: HttpRequest, code: str = "") -> Location:
    """The location of this page: named, chosen in the switcher, or the first that is seen."""
    visible = visible_location_ids(cast(User, request.user))
    chosen = shell_of(request).location
    named = code or request.POST.get("location") or request.GET.get("location") or ""
    found = lying.location_of(visible, named or (chosen.code if chosen else ""))
    if found is None and named:
        raise Http404(named)
    if found is None:
        raise Http404
    return found


@login_required
@permission_required("inventory.move_stock", raise_exception=True)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Move, hold, set free or scrap units that lie together at one of the user's locations."""
    found, what = sku_or_404(code), ACTS[verb]
    place = location_or_404(request)
    known = {name: request.GET.get(name, "") for name in ("bin", "lot", "quantity", "to_bin")}
    initial = {**known, "location": place.code, "state": request.GET.get("state") or "available"}
    form = what.form(posted(request), initial=initial)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            what.service(sku=code, by=Actor.of(request.user), at=timezone.now(), **form.said)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, str(what.done))
            return redirect("inventory:sku", code)
    context = {
        "form": form,
        "sku": found,
        "place": place,
        "verb": verb,
        "what": what,
        "bin": form["bin"].value(),
        "lot": form["lot"].value(),
    }
    template = "inventory/_act.html" if is_part(request) else "inventory/act.html"
    return render(request, template, context, status=status)


@login_required
@permission_required("inventory.move_stock", raise_exception=True)
@require_GET
def put_away(request: HttpRequest) -> HttpResponse:
    """What lies where it came in, and where it should go."""
    place = location_or_404(request)
    page = lying.put_away_page(place.pk, cursor=request.GET.get("cursor", ""))
    context = {"place": place, "page": page, "locations": shell_of(request).locations}
    return render(request, "inventory/put_away.html", context)


def _table(rows: Iterator[Sequence[Cell]], name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(write_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


@login_required
@permission_required("inventory.view_stocklevel", raise_exception=True)
@require_GET
def bins_file(request: HttpRequest) -> StreamingHttpResponse:
    """Every bin of the user's locations, as the file that brings them in."""
    rows = lying.bin_table(visible_location_ids(cast(User, request.user)))
    return _table(cast(Iterator[Sequence[Cell]], rows), "bins")


@login_required
@permission_required("inventory.view_stocklevel", raise_exception=True)
@require_GET
def stock_file(request: HttpRequest) -> StreamingHttpResponse:
    """All that lies at the user's locations, by bin, lot and state."""
    rows = lying.quant_table(visible_location_ids(cast(User, request.user)))
    return _table(cast(Iterator[Sequence[Cell]], rows), "stock-by-bin")
