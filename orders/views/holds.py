"""Work lists of held orders: one tab a kind, the oldest first."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from oms.channels.naming import actor_name
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.core.models import User
from orders import selectors, services
from orders.forms import ReleaseForm
from orders.models import Hold
from orders.states import HOLDS, hold_kind

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Row:
    """A standing hold as the list shows it."""

    hold: Hold
    who: str
    may_release: bool

    @property
    def place(self) -> str:
        address = self.hold.order.ship_to
        return ", ".join(part for part in (address.city, address.country) if part)


@dataclass(frozen=True)
class Outcome:
    """What became of one hold that was to be released."""

    number: str
    label: str
    problem: str


@login_required
@permission_required("orders.view_order", raise_exception=True)
@require_GET
def holds(request: HttpRequest) -> HttpResponse:
    """Show what is on hold, of one kind or all."""
    user = cast(User, request.user)
    counts = selectors.held_kinds(user)
    kind = request.GET.get("kind", "")
    kind = kind if kind in {*HOLDS, *counts} else ""
    page = page_of(
        selectors.holds_of(user, kind),
        cursor=request.GET.get("cursor", ""),
        keys=("set_at", "id"),
        descending=False,
    )
    tabs = [{"label": _("All"), "url": "?", "count": sum(counts.values()), "current": not kind}]
    tabs += [
        {
            "label": hold_kind(each).label,
            "url": f"?kind={each}",
            "count": counts.get(each, 0),
            "current": each == kind,
        }
        for each in {**counts, **HOLDS}
    ]
    rows = [
        Row(hold, actor_name(hold.set_by), user.has_perm(hold.described.released_by))
        for hold in page
    ]
    context = {
        "rows": rows,
        "page": page,
        "tabs": tabs,
        "kind": kind,
        "known": hold_kind(kind) if kind else None,
        "may_release": any(row.may_release for row in rows),
    }
    return render(request, "orders/holds.html", context)


@login_required
@permission_required("orders.view_order", raise_exception=True)
@require_http_methods(["GET", "POST"])
def release_many(request: HttpRequest) -> HttpResponse:
    """Ask why, release the chosen holds one by one, and say of each how it went."""
    if request.method != "POST":
        return redirect("orders:holds")
    chosen = [each for each in request.POST.getlist("hold") if each.isprintable()][:MOST_AT_ONCE]
    kind = request.POST.get("kind", "")
    kind = kind if kind.isidentifier() else ""
    if not chosen:
        messages.error(request, _("Choose at least one hold first."))
        return redirect("orders:holds")
    form = ReleaseForm(request.POST if "reason" in request.POST else None)
    numbers = [each.partition(":")[0] for each in chosen]
    context = {"form": form, "chosen": chosen, "numbers": numbers, "kind": kind}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "orders/release_many.html", context, status=status)
    outcomes = _release(cast(User, request.user), chosen, form.cleaned_data["reason"])
    done = sum(1 for each in outcomes if not each.problem)
    if done == len(outcomes):
        text = ngettext("{n} hold is released.", "{n} holds are released.", done)
        messages.success(request, text.format(n=done))
        response = redirect("orders:holds")
        response["Location"] += f"?kind={kind}" if kind else ""
        return response
    context |= {"outcomes": outcomes, "done": done}
    return render(request, "orders/release_outcomes.html", context)


def _release(user: User, chosen: list[str], reason: str) -> list[Outcome]:
    """Release `number:kind` each in a transaction of its own."""
    by = Actor.of(user)
    pairs = [each.partition(":")[::2] for each in chosen]
    numbers = [number for number, _kind in pairs]
    seen = set(
        selectors.orders_of(user).filter(number__in=numbers).values_list("number", flat=True)
    )
    found = []
    for number, kind in pairs:
        label, problem = hold_kind(kind).label, ""
        if number not in seen:
            problem = _("There is no such order.")
        elif not user.has_perm(hold_kind(kind).released_by):
            problem = _("You may not release holds of this kind.")
        else:
            try:
                services.release_hold(number=number, kind=kind, reason=reason, by=by)
            except Refusal as refusal:
                problem = str(refusal)
        found.append(Outcome(number, label, problem))
    return found
