"""The editor of a draft: its routings, their steps, groups of locations, each a plain form."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment import selectors, services
from fulfillment.errors import BadRules
from fulfillment.forms_routing import GroupForm, NoteForm, RoutingForm, StepForm
from fulfillment.models import RoutingVersion
from fulfillment.rules import editing
from fulfillment.rules.reading import parse
from fulfillment.states import RoutingVersionStatus
from fulfillment.views.routing import EDIT
from fulfillment.views.seen import actor_of, attempt
from fulfillment.words_routing import Names
from oms.core.errors import Refusal
from oms.core.said import posted, whole_number

Document = dict[str, Any]


def _draft_or_404(number: int) -> RoutingVersion:
    found = selectors.routing_versions().filter(number=number).first()
    if found is None or found.status != RoutingVersionStatus.DRAFT:
        raise Http404(number)
    return found


def _names() -> Names:
    return Names(**selectors.routing_names())


def _save(
    request: HttpRequest, draft: RoutingVersion, document: Document, note: str | None = None
) -> None:
    services.save_routing_draft(
        version=draft.number,
        revision=whole_number(request.POST.get("revision", "")) or 0,
        rules=document,
        note=draft.note if note is None else note,
        by=actor_of(request),
        at=timezone.now(),
    )


def _answer(
    request: HttpRequest,
    draft: RoutingVersion,
    form: Form,
    changed: Callable[[], Document],
    title: str,
    more: Mapping[str, Any],
) -> HttpResponse:
    """Show a form of the editor; when it is filled in, save what the draft says by it.

    The form keeps the revision that it was first shown with: who saved meanwhile is not
    overwritten.
    """
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            _save(request, draft, changed())
        except BadRules as refused:
            for problem in refused.problems:
                _tell(form, problem)
            status = 422
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("fulfillment:routing-version", draft.number)
    revision = request.POST.get("revision", draft.revision)
    context = {"version": draft, "form": form, "title": title, "revision": revision, **more}
    return render(request, "fulfillment/routing_form.html", context, status=status)


def _tell(form: Form, problem: str) -> None:
    """Say what is wrong beside the field that it is about, where there is one."""
    place, _colon, reason = problem.partition(": ")
    last = place.rpartition("/")[2]
    field = {"from": "sources"}.get(last, last)
    if field in form.fields:
        form.add_error(field, reason)
    else:
        form.add_error(None, problem)


@login_required
@permission_required(EDIT, raise_exception=True)
@require_http_methods(["GET", "POST"])
def routing(request: HttpRequest, number: int, nth: int | None = None) -> HttpResponse:
    """Ask which orders a routing is for, a new one or one that is there."""
    draft = _draft_or_404(number)
    rows = editing.routings_of(draft.rules)
    if nth is not None and nth >= len(rows):
        raise Http404(str(nth))
    row = {} if nth is None else rows[nth]
    form = RoutingForm(
        posted(request), initial=RoutingForm.initial_of(row) if row else None, names=_names()
    )

    def changed() -> Document:
        said = form.said
        if nth is None:
            said["steps"] = [FIRST_STEP]
        return editing.with_routing(draft.rules, nth, said)

    title = row.get("name") or _("New routing")
    return _answer(request, draft, form, changed, title, {"what": "routing"})


FIRST_STEP: Document = {
    "name": "Closest that has everything",
    "allocate": "all",
    "parts": 1,
    "weights": {"distance": "1"},
}
"""What a new routing begins with."""


@login_required
@permission_required(EDIT, raise_exception=True)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, number: int, nth: int, step: int | None = None) -> HttpResponse:
    """Ask what a step of a routing does, a new one or one that is there."""
    draft = _draft_or_404(number)
    rows = editing.routings_of(draft.rules)
    if nth >= len(rows) or (step is not None and step >= len(rows[nth].get("steps", []))):
        raise Http404(f"{nth}/{step}")
    row = {} if step is None else rows[nth]["steps"][step]
    form = StepForm(
        posted(request),
        initial=StepForm.initial_of(row) if row else {"parts": 1},
        names=_names(),
        book=parse(draft.rules),
    )
    return _answer(
        request,
        draft,
        form,
        lambda: editing.with_step(draft.rules, nth, step, form.said),
        row.get("name") or _("New step"),
        {"what": "step", "routing": rows[nth]["name"]},
    )


@login_required
@permission_required(EDIT, raise_exception=True)
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, number: int, name: str = "") -> HttpResponse:
    """Ask which locations a name stands for, a new one or one that is there."""
    draft = _draft_or_404(number)
    groups = draft.rules.get("groups", {})
    if name and name not in groups:
        raise Http404(name)
    form = GroupForm(
        posted(request),
        initial={"name": name, "members": groups.get(name, [])},
        names=_names(),
        others=groups.keys() - {name},
    )

    def changed() -> Document:
        if "remove" in request.POST:
            return editing.without_group(draft.rules, name)
        said = form.cleaned_data
        return editing.with_group(draft.rules, name, said["name"], said["members"])

    used_by = editing.users_of(draft.rules, name) if name else []
    more = {"what": "group", "used_by": used_by, "may_remove": bool(name) and not used_by}
    return _answer(request, draft, form, changed, name or _("New group"), more)


@login_required
@permission_required(EDIT, raise_exception=True)
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, number: int) -> HttpResponse:
    """Ask what a draft is for."""
    draft = _draft_or_404(number)
    form = NoteForm(posted(request), initial={"note": draft.note})
    if form.is_valid():
        return attempt(
            request,
            lambda: _save(request, draft, draft.rules, form.cleaned_data["note"]),
            _("The draft is saved."),
            "fulfillment:routing-version",
            number,
        )
    title = _("What version {n} is for").format(n=number)
    return _answer(request, draft, form, dict, title, {"what": "note"})


@login_required
@permission_required(EDIT, raise_exception=True)
@require_POST
def arrange(request: HttpRequest, number: int) -> HttpResponse:
    """Move a routing or a step up or down, or remove it."""
    draft = _draft_or_404(number)
    verb, _space, place = request.POST.get("verb", "").partition(" ")
    nth, _slash, step_nth = place.partition("/")
    routing, step = whole_number(nth), whole_number(step_nth)
    rows = editing.routings_of(draft.rules)
    is_there = routing is not None and routing < len(rows)
    if verb not in ("up", "down", "remove") or routing is None or not is_there:
        raise Http404
    if step is not None and step >= len(rows[routing]["steps"]):
        raise Http404
    document = editing.arranged(draft.rules, verb, routing, step)
    return attempt(
        request,
        lambda: _save(request, draft, document),
        _("The draft is saved."),
        "fulfillment:routing-version",
        number,
    )
