"""Quotes: asking for one, and answering what we offer."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from b2b import entry, forms, selectors, services
from b2b.forms_portal import RequestForm, TakeOfferForm
from b2b.models import Buyer, Quote, QuoteVersion
from b2b.selectors import buying, listing
from b2b.selectors.companies import addresses_of
from b2b.views.acting import BOTH, Act, act_on, perform
from b2b.views.grid import Grid
from b2b.views.listing import list_page
from b2b.views.portal.access import buyers_only
from b2b.views.portal.ordering import grid_context
from b2b.views.portal.orders import PAGE
from b2b.views.seen import one
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.said import posted, whole_number

MOST_REQUESTS = 5


@buyers_only
@require_GET
def quotes(request: HttpRequest, buyer: Buyer) -> HttpResponse:
    """What we offered the company, and what it asked us for."""
    return list_page(
        request,
        listing.BUYERS_QUOTES,
        buying.offers_for(buyer),
        folder="b2b/portal",
        buyer=buyer,
        requests=buying.requests_for(buyer).order_by("-id")[:MOST_REQUESTS],
    )


@buyers_only
@require_http_methods(BOTH)
def new_request(request: HttpRequest, buyer: Buyer) -> HttpResponse:
    """Ask what something would cost, with the price one hopes for."""
    step = request.POST.get("step", "look")
    rows = entry.rows_in(request.POST)
    if request.method == "GET" and (sku := request.GET.get("sku", "")[:64]):
        rows = [entry.Row(sku=sku, quantity="1")]
    grid = Grid(buyer.company, rows=rows)
    grid.take(request, step)
    grid.look_up()
    grid.rows = entry.without_need_of_price(grid.rows)
    form = RequestForm(request.POST if step == "submit" else None, initial=request.POST.dict())
    if step == "submit" and form.is_valid() and not grid.has_errors:
        try:
            asked = services.request_quote(
                company=buyer.company.code,
                lines=grid.wishes,
                buyer=buyer,
                **form.cleaned_data,
                by=Actor.of(buyer.user),
                at=timezone.now(),
            )
        except Refusal as refusal:
            grid.refusal = str(refusal)
        else:
            messages.success(request, _("{n} is with us. We write to you.").format(n=asked.number))
            return redirect("buying:quotes-request", asked.number)
    grid.rows = entry.padded(grid.rows)
    context = {**grid_context(grid), "buyer": buyer, "form": form, "unpriced": False}
    status = 422 if step == "submit" else 200
    return render(request, "b2b/portal/request_new.html", context, status=status)


@buyers_only
@require_GET
def quote_request(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponse:
    """Show what the company asked for, and what came of it."""
    document = one(buying.requests_for(buyer), number)
    context = {
        "buyer": buyer,
        "document": document,
        "lines": document.lines.select_related("sku").order_by("position"),
        "quotes": buying.offers_for(buyer).filter(request=document).order_by("id"),
    }
    return render(request, "b2b/portal/request.html", context)


@buyers_only
@require_http_methods(BOTH)
def withdraw(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponse:
    """Ask no longer."""
    document = one(buying.requests_for(buyer), number)
    if "withdraw" not in document.verbs:
        raise Http404
    act = Act(
        title=_("Withdraw {n}").format(n=number),
        button=_("Withdraw the request"),
        back=reverse("buying:quotes-request", args=[number]),
        done=_("{n} is withdrawn.").format(n=number),
        is_danger=True,
        template=PAGE,
    )
    form = forms.NothingForm(posted(request))
    return perform(request, act, form, services.withdraw_request, number=number)


def _offered(buyer: Buyer, number: str) -> tuple[Quote, list[QuoteVersion]]:
    """Return a quote with the versions the company was shown, the newest first."""
    document = one(buying.offers_for(buyer), number)
    shown = QuoteVersion.objects.filter(quote=document, presented_at__isnull=False)
    return document, list(shown.order_by("-nth"))


@buyers_only
@require_GET
def quote(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponse:
    """Show an offer, what changed since the one before, and what can be answered."""
    document, versions = _offered(buyer, number)
    context = {
        "buyer": buyer,
        "document": document,
        "newest": versions[0],
        "versions": versions,
        "lines": selectors.compared_lines(document, versions),
        "may_take": _on_the_table(document),
        "orders": buying.orders_for(buyer).filter(quote_version__quote=document).order_by("id"),
    }
    return render(request, "b2b/portal/quote.html", context)


def _on_the_table(document: Quote) -> bool:
    """Whether it can be taken now: presented, and its last day is not over."""
    ends = document.valid_until
    return "accept" in document.verbs and (ends is None or ends >= timezone.localdate())


def _answer(buyer: Buyer, number: str, verb: str, **words: Any) -> tuple[Quote, Act]:
    document, _versions = _offered(buyer, number)
    if verb not in document.verbs or not _on_the_table(document):
        raise Http404
    back = reverse("buying:quotes-one", args=[number])
    return document, act_on(number, back=back, **{"template": PAGE, **words})


@buyers_only
@require_http_methods(BOTH)
def take(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponse:
    """Take an offer, whole or in part: it becomes an order at its prices."""
    document, act = _answer(
        buyer,
        number,
        "accept",
        title=_("Accept {n}"),
        button=_("Order at these prices"),
        done=_("{n} is accepted. This is your order."),
        template="b2b/portal/take.html",
    )
    form = TakeOfferForm(
        posted(request),
        lines=selectors.lines_of_quote(document),
        places=addresses_of(buyer.company),
        currency=document.currency,
    )
    seen = whole_number(request.POST.get("version", ""))
    return perform(
        request,
        act,
        form,
        services.accept_quote,
        to=lambda made: reverse("buying:orders-one", args=[made.number]),
        number=number,
        buyer=buyer,
        version=document.version if seen is None else seen,
    )


@buyers_only
@require_http_methods(BOTH)
def ask_otherwise(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponse:
    """Say what would have to be different."""
    document, act = _answer(
        buyer,
        number,
        "request_revision",
        title=_("What should be different in {n}?"),
        button=_("Ask for a new version"),
        done=_("We know what you would like in {n}, and write a new version."),
    )
    form = forms.ReasonForm(posted(request))
    return perform(
        request, act, form, services.request_revision, number=number, version=document.version
    )


@buyers_only
@require_http_methods(BOTH)
def decline(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponse:
    """Say that the company does not buy."""
    _document, act = _answer(
        buyer,
        number,
        "lose",
        title=_("Decline {n}"),
        button=_("Decline the quote"),
        done=_("{n} is declined."),
        is_danger=True,
    )
    form = forms.ReasonForm(posted(request))
    return perform(request, act, form, services.lose_quote, number=number)
