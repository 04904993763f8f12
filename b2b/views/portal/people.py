"""Who buys for the company, and how far: for those of it who look after its people."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from b2b import services, telling
from b2b.forms import NothingForm
from b2b.forms_portal import InviteForm, PersonChangeForm
from b2b.models import Buyer
from b2b.selectors import buying
from b2b.views.acting import BOTH, Act, perform
from b2b.views.portal.access import company_admins_only
from b2b.views.portal.orders import PAGE
from oms.core.money import text
from oms.core.said import posted


@company_admins_only
@require_GET
def people(request: HttpRequest, buyer: Buyer) -> HttpResponse:
    """Everybody who buys for the company."""
    context = {"buyer": buyer, "people": list(buying.people_for(buyer)[:500])}
    return render(request, "b2b/portal/people.html", context)


@company_admins_only
@require_http_methods(BOTH)
def invite(request: HttpRequest, buyer: Buyer) -> HttpResponse:
    """Let somebody buy who has no sign-in yet: a letter leads to a password of their own."""
    act = Act(
        title=_("Invite somebody"),
        button=_("Send the invitation"),
        back=reverse("buying:people"),
        done=_("The invitation is on its way."),
        template=PAGE,
    )
    form = InviteForm(posted(request))
    return perform(request, act, form, services.invite_buyer, company=buyer.company.code)


@company_admins_only
@require_http_methods(BOTH)
def person(request: HttpRequest, buyer: Buyer, username: str) -> HttpResponse:
    """Change what a colleague may do, or end it; one's own rights others change."""
    found = _colleague(buyer, username)
    act = Act(
        title=telling.person(found.user),
        button=_("Keep these rights"),
        back=reverse("buying:people"),
        done=_("What {name} may do is kept.").format(name=telling.person(found.user)),
        template=PAGE,
    )
    limit = found.spending_limit_amount
    initial = {
        "role": found.role,
        "spending_limit": None if limit is None else text(limit, found.company.currency),
        "is_active": found.is_active,
    }
    form = PersonChangeForm(posted(request), initial=initial)
    return perform(request, act, form, services.change_buyer, user=username)


@company_admins_only
@require_POST
def remind(request: HttpRequest, buyer: Buyer, username: str) -> HttpResponse:
    """Send the invitation again to somebody who has not signed in yet."""
    found = _colleague(buyer, username)
    if found.user.has_usable_password():
        raise Http404
    act = Act(
        title=telling.person(found.user),
        button=_("Send the invitation"),
        back=reverse("buying:people"),
        done=_("The invitation is on its way."),
        template=PAGE,
    )
    return perform(request, act, NothingForm(request.POST), services.remind_buyer, user=username)


def _colleague(buyer: Buyer, username: str) -> Buyer:
    found = buying.people_for(buyer).filter(user__username=username).first()
    if found is None or found.pk == buyer.pk:
        raise Http404
    return found
