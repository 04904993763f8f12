"""Back-tests on screen: asked for, watched, read order by order."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment import selectors, services
from fulfillment.forms_routing import DaysForm
from fulfillment.models import BackTest
from fulfillment.rules.tallying import SIDES
from fulfillment.states import BackTestStatus, RoutingVersionStatus
from fulfillment.views.routing import EDIT, SEE, version_or_404
from fulfillment.views.seen import actor_of, attempt
from oms.channels.naming import actor_name
from oms.core.keyset import page_of
from oms.core.said import posted

USUAL_DAYS = 30


class Figure(NamedTuple):
    """One measure by either rules. Less is better where `better` is -1; 0: neither."""

    word: str
    was: Decimal
    becomes: Decimal
    currency: str = ""
    better: int = -1

    @property
    def change(self) -> Decimal:
        return self.becomes - self.was

    @property
    def verdict(self) -> str:
        if not self.change or not self.better:
            return ""
        return "better" if (self.change > 0) == (self.better > 0) else "worse"


@login_required
@permission_required(EDIT, raise_exception=True)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for the days whose orders are decided once more, and have it done."""
    version = version_or_404(number)
    today = timezone.localdate()
    first = {"since": today - timedelta(days=USUAL_DAYS), "until": today}
    form = DaysForm(posted(request), initial=first)
    if form.is_valid():
        test = services.ask_back_test(
            version=number,
            since=_midnight(form.cleaned_data["since"]),
            until=_midnight(form.cleaned_data["until"] + timedelta(days=1)),
            by=actor_of(request),
            at=timezone.now(),
        )
        return redirect("fulfillment:back-test", test.number)
    status = 422 if form.errors else 200
    context = {"form": form, "version": version, "live": selectors.live_number()}
    return render(request, "fulfillment/back_test_ask.html", context, status=status)


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _test_or_404(number: str) -> BackTest:
    found = BackTest.objects.select_related("version").filter(number=number).first()
    if found is None:
        raise Http404(number)
    return found


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Show what would have been: in all, by location, order by order."""
    test = _test_or_404(number)
    version, live = test.version, selectors.live_number()
    page = page_of(
        selectors.back_test_orders(test),
        cursor=request.GET.get("cursor", ""),
        keys=("placed_at", "id"),
        size=25,
    )
    is_fresh = test.revision == version.revision and test.against == live
    is_draft = version.status == RoutingVersionStatus.DRAFT
    context = {
        "test": test,
        "version": version,
        "is_running": test.status == BackTestStatus.RUNNING,
        "figures": figures_of(test.figures),
        "places": _places(test.figures),
        "bars": [
            (code, *(there[side]["units"] for side in SIDES))
            for code, there in sorted(test.figures["locations"].items())
        ][:12],
        "names": [_("Live"), _("Draft")],
        "place_names": selectors.routing_names()["locations"],
        "page": page,
        "asked_by": actor_name(test.asked_by),
        "last_day": test.until - timedelta(microseconds=1),
        "may_edit": request.user.has_perm(EDIT),
        "may_publish": is_draft and is_fresh and test.status == BackTestStatus.DONE,
        "is_stale": is_draft and not is_fresh,
    }
    return render(request, "fulfillment/back_test.html", context)


def figures_of(figures: dict[str, Any]) -> list[Figure]:
    """Return the measures of a back-test, freight by currency."""
    live, draft = (figures[side] for side in SIDES)
    freight = [
        Figure(
            _("Freight in {currency}").format(currency=currency),
            Decimal(live["freight"].get(currency, "0")),
            Decimal(draft["freight"].get(currency, "0")),
            currency,
        )
        for currency in sorted({*live["freight"], *draft["freight"]})
    ]
    words = (
        ("km", _("Kilometers")),
        ("parcels", _("Parcels")),
        ("splits", _("Orders split")),
        ("late_orders", _("Orders late")),
        ("late_days", _("Days late")),
        ("waits", _("Units that wait for stock")),
        ("below", _("Units taken below the reorder point")),
        ("parked", _("Orders held for a person")),
        ("unpriced", _("Parcels whose freight nobody knows")),
    )
    return [
        *freight,
        *(Figure(word, Decimal(str(live[key])), Decimal(str(draft[key]))) for key, word in words),
    ]


def _places(figures: dict[str, Any]) -> list[tuple[str, Figure, Figure, list[Figure]]]:
    """Orders, units and freight by location; neither more nor less is better there."""
    found = []
    for code, there in sorted(figures["locations"].items()):
        live, draft = (there[side] for side in SIDES)
        orders, units = (
            Figure(key, Decimal(live[key]), Decimal(draft[key]), better=0)
            for key in ("orders", "units")
        )
        freight = [
            Figure(
                "freight",
                Decimal(live["freight"].get(currency, "0")),
                Decimal(draft["freight"].get(currency, "0")),
                currency,
                better=0,
            )
            for currency in sorted({*live["freight"], *draft["freight"]})
        ]
        found.append((code, orders, units, freight))
    return found


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """How far a back-test is; when it is over, the whole page anew."""
    test = _test_or_404(number)
    answer = render(request, "fulfillment/_back_test_progress.html", {"test": test})
    if test.status != BackTestStatus.RUNNING:
        answer["HX-Refresh"] = "true"
    return answer


@login_required
@permission_required(EDIT, raise_exception=True)
@require_POST
def stop(request: HttpRequest, number: str) -> HttpResponse:
    """End a back-test before it is through."""
    _test_or_404(number)
    return attempt(
        request,
        lambda: services.stop_back_test(number=number, at=timezone.now()),
        _("It is stopped."),
        "fulfillment:back-test",
        number,
    )
