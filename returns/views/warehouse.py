"""What happens to units in the warehouse: they are received, and graded."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from oms.catalog.rules.gs1 import names
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.said import posted, whole_number
from returns import selectors, services
from returns.forms import GradeFormSet, ReceiveForm
from returns.states import RETURN, Condition, Disposition
from returns.views.showing import find_or_404

MOST_ROWS = 50


@login_required
@permission_required("returns.receive_returnauthorization", raise_exception=True)
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """Count the units in hand, by scanning or typing, then take them in."""
    document = find_or_404(request, number)
    found = selectors.return_page(document)
    lines = [row.line for row in found.rows]
    form = ReceiveForm(posted(request), lines=lines)
    verdict: dict[str, str] | None = None
    status = 422 if form.is_bound else 200
    if form.is_valid():
        code = form.cleaned_data["code"].strip()
        if code:
            form, verdict = _count(request, form, code)
            status = 200
        elif not form.units:
            form.add_error(None, _("Count at least one unit."))
        else:
            try:
                services.receive_return(
                    number=number,
                    units=form.units,
                    expected_version=whole_number(request.POST.get("version", "")),
                    by=Actor.of(request.user),
                    at=timezone.now(),
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                count = sum(form.units.values())
                text = ngettext("{n} unit is received.", "{n} units are received.", count)
                messages.success(request, text.format(n=count))
                return redirect("returns:detail", number)
    context = {
        "document": document,
        "found": found,
        "form": form,
        "verdict": verdict,
        "may_receive": RETURN.allows("receive", document.status),
    }
    return render(request, "returns/receive.html", context, status=status)


def _count(
    request: HttpRequest, form: ReceiveForm, code: str
) -> tuple[ReceiveForm, dict[str, str]]:
    """Count one more of what was scanned, and say what it was."""
    said = (each.casefold() for each in names(code))
    sku = next((form.codes[each] for each in said if each in form.codes), None)
    lines = form.lines
    data = request.POST.copy()
    data["code"] = ""
    if sku is None:
        verdict = {
            "tone": "stop",
            "shape": "s-stop",
            "word": _("Not in this return"),
            "text": _("{code} belongs to no line here. Put it aside.").format(code=code),
        }
    else:
        now = form.units.get(sku, 0)
        most = form.expected[sku]
        if now < most:
            now += 1
            data[f"units-{sku}"] = str(now)
            word = _("{now} of {most}").format(now=now, most=most)
            verdict = {"tone": "done", "shape": "s-check", "word": word, "text": form.names[sku]}
        else:
            verdict = {
                "tone": "wait",
                "shape": "s-warn",
                "word": _("Already complete"),
                "text": _("No more of {name} is expected. Put it aside.").format(
                    name=form.names[sku]
                ),
            }
    again = ReceiveForm(data, lines=lines)
    again.is_valid()
    return again, verdict


@login_required
@permission_required("returns.inspect_returnauthorization", raise_exception=True)
@require_http_methods(["GET", "POST"])
def inspect(request: HttpRequest, number: str) -> HttpResponse:
    """Grade the units that are here: how many, in what condition, what becomes of them."""
    document = find_or_404(request, number)
    found = selectors.return_page(document)
    skus = _skus(found)
    kwargs: dict[str, Any] = {"form_kwargs": {"skus": skus}, "prefix": "grades"}
    status = 200
    if request.method == "POST" and request.POST.get("step") != "more":
        formset = GradeFormSet(request.POST, **kwargs)
        status = 422
        if formset.is_valid():
            grades = [services.Grade(**form.cleaned_data) for form in formset if form.has_changed()]
            try:
                services.inspect_return(
                    number=number,
                    grades=grades,
                    expected_version=whole_number(request.POST.get("version", "")),
                    by=Actor.of(request.user),
                    at=timezone.now(),
                )
            except Refusal as refusal:
                formset.non_form_errors().append(str(refusal))
                status = 409
            else:
                count = sum(grade.quantity for grade in grades)
                text = ngettext("{n} unit is graded.", "{n} units are graded.", count)
                messages.success(request, text.format(n=count))
                return redirect("returns:detail", number)
    elif request.method == "POST":
        data = request.POST.copy()
        rows = whole_number(data.get("grades-TOTAL_FORMS", "")) or 0
        data["grades-TOTAL_FORMS"] = str(min(rows + 1, MOST_ROWS))
        formset = GradeFormSet(data, **kwargs)
    else:
        formset = GradeFormSet(initial=_initial(found), **kwargs)
    context = {
        "document": document,
        "found": found,
        "formset": formset,
        "may_inspect": RETURN.allows("inspect", document.status),
        "is_checked": status != 200,
    }
    return render(request, "returns/inspect.html", context, status=status)


def _skus(found: selectors.ReturnPage) -> list[tuple[str, str]]:
    """The goods that are here, by SKU, with their names."""
    return list(
        {
            row.line.order_line.sku_code: row.line.order_line.name
            for row in found.rows
            if row.line.received
        }.items()
    )


def _initial(found: selectors.ReturnPage) -> list[dict[str, object]]:
    """A row for every SKU with units to grade; one row without units when all are graded."""
    ungraded: dict[str, int] = {}
    for row in found.rows:
        sku = row.line.order_line.sku_code
        ungraded[sku] = ungraded.get(sku, 0) + row.line.ungraded
    rows = [
        {
            "sku": sku,
            "quantity": units,
            "condition": Condition.NEW,
            "disposition": Disposition.RESTOCK,
        }
        for sku, units in ungraded.items()
        if units
    ]
    return rows or [{"condition": Condition.NEW, "disposition": Disposition.RESTOCK}]
