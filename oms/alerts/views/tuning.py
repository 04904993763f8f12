"""What each kind of alert looks for, and how often it was right."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from oms.alerts import selectors, services
from oms.alerts.forms import ThresholdForm
from oms.alerts.kinds import all_kinds
from oms.core.actors import Actor
from oms.core.errors import Refusal


@login_required
@permission_required("alerts.tune_watch", raise_exception=True)
@require_http_methods(["GET", "POST"])
def thresholds(request: HttpRequest) -> HttpResponse:
    """Show the kinds with their thresholds, and change those of one."""
    asked = request.POST.get("kind", "")
    status = 200
    watches, precision = selectors.watches(), selectors.precision()
    parts = []
    for name, kind in all_kinds().items():
        bound = request.POST if asked == name else None
        watch = watches[name]
        form = ThresholdForm(
            bound, kind=kind, values=kind.values(watch.thresholds), auto_id=f"{name}-%s"
        )
        if form.is_bound:
            status = 422
            if form.is_valid() and _change(request, name, form):
                return redirect("alerts:thresholds")
        parts.append(
            {"name": name, "kind": kind, "form": form, "watch": watch, "precision": precision[name]}
        )
    return render(request, "alerts/thresholds.html", {"parts": parts}, status=status)


def _change(request: HttpRequest, kind: str, form: ThresholdForm) -> bool:
    try:
        services.set_thresholds(
            kind=kind, thresholds=form.cleaned_data, by=Actor.of(request.user), at=timezone.now()
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(
        request, _("{kind}: looked for anew now.").format(kind=all_kinds()[kind].label)
    )
    return True
