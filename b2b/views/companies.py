"""One company: who it is, what it owes, what it buys; and its terms."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from b2b import selectors, services
from b2b.forms import (
    AddressForm,
    BuyerForm,
    CompanyChangeForm,
    CompanyForm,
    CreditForm,
    initial_of,
)
from b2b.models import Company
from b2b.selectors.companies import addresses_of
from b2b.states import AddressKind
from b2b.views.acting import BOTH, Act, perform
from b2b.views.seen import company_or_404
from oms.core.display import money_text
from oms.core.models import User
from oms.core.said import posted

MOST = 8


def _page(code: str) -> str:
    return reverse("b2b:company", args=[code])


@login_required
@permission_required("b2b.view_company", raise_exception=True)
@require_GET
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show a company with its terms, credit, people and newest documents."""
    user = cast(User, request.user)
    company = company_or_404(user, code)
    credit = company.credit
    today = timezone.localdate()
    context = {
        "company": company,
        "credit": credit,
        "entries": credit.entries.select_related("order", "invoice").order_by("-id")[:MOST]
        if user.has_perm("b2b.view_creditentry")
        else [],
        "addresses": [
            *addresses_of(company, AddressKind.SHIP),
            *addresses_of(company, AddressKind.BILL),
        ],
        "buyers": company.buyers.select_related("user").order_by("-is_active", "user__username"),
        "purchase_orders": company.purchase_orders.select_related("order").order_by("-id")[:MOST],
        "quotes": company.quotes.order_by("-id")[:MOST],
        "invoices": list(selectors.open_invoices(company)[:MOST]),
        "held": selectors.held_for_credit(company),
        "today": today,
    }
    return render(request, "b2b/company.html", context)


@login_required
@permission_required("b2b.change_company", raise_exception=True)
@require_http_methods(BOTH)
def new(request: HttpRequest) -> HttpResponse:
    """Take a company in."""
    form = CompanyForm(posted(request))
    act = Act(
        title=_("New company"),
        button=_("Take the company in"),
        back=reverse("b2b:companies"),
        done=_("The company is there. Give it an address and a buyer."),
    )

    def create(by: Any, at: Any, **_said: Any) -> Company:
        said = form.plain()
        said["approval_limit"] = said.pop("approval_limit_amount")
        return services.create_company(**said, by=by, at=at)

    return perform(request, act, form, create, to=lambda made: _page(made.code))


@login_required
@permission_required("b2b.change_company", raise_exception=True)
@require_http_methods(BOTH)
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change who a company is and its terms."""
    company = company_or_404(cast(User, request.user), code)
    form = CompanyChangeForm(posted(request), initial=initial_of(company))
    act = Act(
        title=_("Change {name}").format(name=company.name),
        button=_("Keep the changes"),
        back=_page(code),
        done=_("{name} is changed.").format(name=company.name),
    )

    def keep(by: Any, at: Any, **_said: Any) -> Company:
        return services.change_company(code=code, changes=form.plain(), by=by, at=at)

    return perform(request, act, form, keep)


@login_required
@permission_required("b2b.change_company", raise_exception=True)
@require_http_methods(BOTH)
def address(request: HttpRequest, code: str) -> HttpResponse:
    """Add an address, or change the one known as the same."""
    company = company_or_404(cast(User, request.user), code)
    form = AddressForm(posted(request), initial={"name": company.name})
    act = Act(
        title=_("An address of {name}").format(name=company.name),
        button=_("Keep the address"),
        back=_page(code),
        done=_("The address is kept."),
    )

    def keep(by: Any, at: Any, **said: Any) -> object:
        place = services.PlaceOf(said["kind"], said["label"], form.address, said["is_default"])
        return services.save_address(company=code, place=place, by=by, at=at)

    return perform(request, act, form, keep)


@login_required
@permission_required("b2b.change_company", raise_exception=True)
@require_http_methods(BOTH)
def buyer(request: HttpRequest, code: str) -> HttpResponse:
    """Let a person buy for the company."""
    company = company_or_404(cast(User, request.user), code)
    form = BuyerForm(posted(request))
    act = Act(
        title=_("A buyer for {name}").format(name=company.name),
        button=_("Let them buy"),
        back=_page(code),
        done=_("They may buy for {name} now.").format(name=company.name),
    )
    return perform(request, act, form, services.add_buyer, company=code)


@login_required
@permission_required("b2b.change_creditlimit", raise_exception=True)
@require_http_methods(BOTH)
def credit(request: HttpRequest, code: str) -> HttpResponse:
    """Say how much a company may owe."""
    company = company_or_404(cast(User, request.user), code)
    now = company.credit
    form = CreditForm(
        posted(request),
        initial={"limit": now.limit_amount, "is_blocked": now.is_blocked},
    )
    act = Act(
        title=_("Credit of {name}").format(name=company.name),
        button=_("Set the credit limit"),
        back=_page(code),
        done=_("The limit is set. Orders that fit now go on by themselves."),
        effects=[
            ("i-money", _("Owed now"), money_text(now.exposure_amount, now.currency)),
            ("i-orders", _("Orders that wait"), str(len(selectors.held_for_credit(company)))),
        ],
    )
    return perform(request, act, form, services.set_credit_limit, company=code)
