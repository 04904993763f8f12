"""One return: what it is about, how far it is, what comes next."""

from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from oms.channels.naming import actor_name
from oms.core.models import User
from returns import selectors
from returns.models import ReturnAuthorization
from returns.views.story import timeline_of

PERMISSIONS = {
    "approve": "returns.approve_returnauthorization",
    "decline": "returns.approve_returnauthorization",
    "cancel": "returns.approve_returnauthorization",
    "receive": "returns.receive_returnauthorization",
    "inspect": "returns.inspect_returnauthorization",
    "settle": "returns.settle_returnauthorization",
}


def find_or_404(request: HttpRequest, number: str) -> ReturnAuthorization:
    """Return the return, if it comes back where the user works."""
    visible = selectors.visible_returns(cast(User, request.user))
    document = visible.filter(number=number).first()
    if document is None:
        raise Http404(number)
    return document


@login_required
@permission_required("returns.view_returnauthorization", raise_exception=True)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show a return, its units, its money and its story."""
    document = find_or_404(request, number)
    found = selectors.return_page(document)
    actions = _actions(cast(User, request.user), found)
    context = {
        "document": document,
        "order": document.order,
        "found": found,
        "next": actions[0] if actions else None,
        "others": actions[1:],
        "may_cancel": _may(cast(User, request.user), document, "cancel"),
        "story": timeline_of(found.facts),
        "requested_by": actor_name(document.requested_by),
        "decided_by": actor_name(document.decided_by),
    }
    return render(request, "returns/detail.html", context)


def _may(user: User, document: ReturnAuthorization, verb: str) -> bool:
    return verb in document.verbs and user.has_perm(PERMISSIONS[verb])


def _actions(user: User, found: selectors.ReturnPage) -> list[dict[str, str]]:
    """What the user may do now, the one that moves the return furthest first."""
    document = found.document
    labels = {
        "settle": _("Settle the return"),
        "inspect": ngettext("Inspect {n} unit", "Inspect {n} units", found.ungraded).format(
            n=found.ungraded
        ),
        "receive": _("Receive units"),
        "approve": _("Approve the return"),
        "decline": _("Decline…"),
    }
    useful = {
        "settle": True,
        "inspect": found.ungraded > 0,
        "receive": found.missing > 0,
        "approve": True,
        "decline": True,
    }
    actions = [
        {"verb": verb, "label": label, "url": reverse(f"returns:{verb}", args=[document.number])}
        for verb, label in labels.items()
        if useful[verb] and _may(user, document, verb)
    ]
    if _may(user, document, "inspect") and found.received and not found.ungraded:
        actions.append(
            {
                "verb": "inspect",
                "label": _("Grade anew…"),
                "url": reverse("returns:inspect", args=[document.number]),
            }
        )
    return actions
