"""When locations work, and how much."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from inventory import services
from inventory.forms import CalendarForm
from inventory.models import Location
from inventory.selectors import visible_location_ids
from inventory.states import LocationKind
from oms.core.actors import Actor
from oms.core.keyset import page_of
from oms.core.models import User


@login_required
@permission_required("inventory.view_location", raise_exception=True)
@require_GET
def location_list(request: HttpRequest) -> HttpResponse:
    """Show when parcels leave each location, and on which days, a page at a time."""
    assert isinstance(request.user, User)  # noqa: S101 (signed in)
    rows = Location.objects.filter(is_active=True).exclude(kind=LocationKind.SUPPLIER)
    mine = visible_location_ids(request.user)
    if mine is not None:
        rows = rows.filter(pk__in=mine)
    page = page_of(
        rows, cursor=request.GET.get("cursor", ""), keys=("name", "id"), descending=False
    )
    today = timezone.localdate()
    rows_shown = [
        {
            "location": each,
            "days": [WEEKDAYS_ABBR[day] for day in each.weekdays],
            "coming": [day for day in each.closed_on if day >= today][:3],
        }
        for each in page.rows
    ]
    return render(request, "inventory/locations.html", {"page": page, "rows": rows_shown})


@login_required
@permission_required("inventory.set_calendar", raise_exception=True)
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Ask when a location works and how much; what its parcels promise follows."""
    assert isinstance(request.user, User)  # noqa: S101 (signed in)
    found = Location.objects.filter(code=code).first()
    mine = visible_location_ids(request.user)
    if found is None or (mine is not None and found.pk not in mine):
        raise Http404(code)
    days = "\n".join(day.isoformat() for day in found.closed_on)
    initial = {
        "weekdays": found.weekdays,
        "closed_on": days,
        "cutoff_time": found.cutoff_time,
        "daily_capacity": found.daily_capacity,
    }
    form = CalendarForm(request.POST or None, initial=initial)
    if form.is_valid():
        services.set_calendar(
            location=code, by=Actor.of(request.user), at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("{name} works by that from now on.").format(name=found.name))
        return redirect("inventory:locations")
    status = 422 if form.is_bound else 200
    context = {"form": form, "location": found}
    return render(request, "inventory/calendar.html", context, status=status)
