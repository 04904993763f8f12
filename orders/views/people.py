"""Customers as staff see them: people, whichever channels know them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.customers import selectors as customers
from oms.customers import services
from oms.customers.models import Customer
from orders.selectors.people import (
    orders_of_person,
    people,
    person_rows,
    places_of,
    totals_of_person,
)
from orders.words_people import EVIDENCE

MOST_MATCHES = 50
SEE, MERGE = "customers.view_customer", "customers.merge_customer"


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    """Show people, the newest first, or those who are searched for."""
    search = request.GET.get("search", "")[:200].replace("\0", "")
    page = page_of(people(search), cursor=request.GET.get("cursor", ""), keys=("id",))
    context = {"rows": person_rows(page.rows), "page": page, "search": search}
    return render(request, "people/list.html", context)


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def person(request: HttpRequest, number: str) -> HttpResponse:
    """Show a person: orders of all channels, addresses, totals, and who may be the same."""
    found = customers.person_of(number)
    if found is None:
        raise Http404(number)
    if found.number != number:
        return redirect("people:person", found.number)
    rows = customers.rows_of_person(found)
    keys = [row.pk for row in rows]
    page = page_of(orders_of_person(keys), cursor=request.GET.get("cursor", ""))
    places = {tuple(each.lines): each for of in places_of(keys).values() for each in of}
    context = {
        "person": found,
        "rows": rows,
        "page": page,
        "totals": totals_of_person(keys),
        "places": list(places.values()),
        "matches": _others(keys),
        "merges": [(each, _said(each.evidence)) for each in customers.merges_of(keys)],
    }
    return render(request, "people/person.html", context)


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def matches(request: HttpRequest) -> HttpResponse:
    """Show who may be one person, and what speaks for it."""
    page = page_of(
        customers.open_matches(),
        cursor=request.GET.get("cursor", ""),
        keys=("id",),
        descending=False,
    )
    context = {"rows": [(each, _said(each.evidence)) for each in page.rows], "page": page}
    return render(request, "people/matches.html", context)


@login_required
@permission_required(MERGE, raise_exception=True)
@require_POST
def merge(request: HttpRequest) -> HttpResponse:
    """Say that two customers are one person."""
    kept, other = _asked(request, "kept"), _asked(request, "other")
    found = customers.open_matches([kept.pk]).filter(
        first__in=[kept.pk, other.pk], second__in=[kept.pk, other.pk]
    )
    evidence = [word for match in found for word in match.evidence]
    try:
        made = services.merge_customers(
            kept=kept.pk,
            other=other.pk,
            evidence=evidence,
            by=Actor.of(request.user),
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("people:person", kept.number)
    said = _("They are one person now. {merge} can be taken back.").format(merge=made.number)
    messages.success(request, said)
    return redirect("people:person", made.kept.number)


@login_required
@permission_required(MERGE, raise_exception=True)
@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """Say that two customers are two people."""
    first, second = _asked(request, "kept"), _asked(request, "other")
    services.dismiss_match(
        first=first.pk, second=second.pk, by=Actor.of(request.user), at=timezone.now()
    )
    messages.success(request, _("They are not proposed again."))
    return redirect("people:matches")


@login_required
@permission_required(MERGE, raise_exception=True)
@require_POST
def undo(request: HttpRequest, merge: str) -> HttpResponse:
    """Take a merge back."""
    found = customers.merge_named(merge)
    if found is None:
        raise Http404(merge)
    try:
        undone = services.undo_merge(number=merge, by=Actor.of(request.user), at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("people:person", found.kept.number)
    messages.success(request, _("{merge} is taken back.").format(merge=merge))
    return redirect("people:person", undone.kept.number)


def _others(keys: list[int]) -> list[tuple[Customer, str]]:
    """Who may be the same person, each once, and what speaks for it."""
    found: dict[int, tuple[Customer, list[str]]] = {}
    for match in customers.open_matches(keys).order_by("id")[:MOST_MATCHES]:
        other = match.second if match.first_id in keys else match.first
        if (root := other.same_as_id or other.pk) in keys:
            continue
        _other, evidence = found.setdefault(root, (other, []))
        evidence += [word for word in match.evidence if word not in evidence]
    return [(other, _said(evidence)) for other, evidence in found.values()]


def _asked(request: HttpRequest, name: str) -> Customer:
    digits = request.POST.get(name, "").removeprefix("CU-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise Http404(name)
    found = Customer.objects.filter(pk=int(digits)).first()
    if found is None:
        raise Http404(name)
    return found


def _said(evidence: list[str]) -> str:
    return ", ".join(str(EVIDENCE.get(word, word)) for word in evidence)
