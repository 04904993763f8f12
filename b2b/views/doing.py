"""What staff do to business documents: one page a verb, one service call each."""

from dataclasses import replace
from typing import Any, cast

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from b2b import forms, selectors, services
from b2b.models import Quote
from b2b.rules.approval import discount_to_approve
from b2b.services import LineAnswer
from b2b.states import QuoteStatus
from b2b.views.acting import BOTH, Act, act_on, perform
from b2b.views.seen import one
from oms.core.display import money_text
from oms.core.models import User
from oms.core.said import posted


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


# ── Requests ────────────────────────────────────────────────────────────────────────────────


@login_required
@permission_required("b2b.draft_quote", raise_exception=True)
@require_http_methods(BOTH)
def review_request(request: HttpRequest, number: str) -> HttpResponse:
    """Take a request in hand."""
    one(selectors.requests_of(_user(request)), number)
    act = Act(
        title=_("Take {n} in hand").format(n=number),
        button=_("Take it in hand"),
        back=reverse("b2b:request", args=[number]),
        done=_("{n} is yours to answer.").format(n=number),
        effects=[("i-user", _("Colleagues"), _("They see that it is being answered"))],
    )
    form = forms.NothingForm(posted(request))
    return perform(request, act, form, services.review_request, number=number)


@login_required
@permission_required("b2b.draft_quote", raise_exception=True)
@require_http_methods(BOTH)
def decline_request(request: HttpRequest, number: str) -> HttpResponse:
    """Offer nothing, and say why."""
    found = one(selectors.requests_of(_user(request)), number)
    act = Act(
        title=_("Decline {n}").format(n=number),
        button=_("Decline the request"),
        back=reverse("b2b:request", args=[number]),
        done=_("{n} is declined.").format(n=number),
        effects=[("i-mail", _("Letters"), _("{name} is told why").format(name=found.company.name))],
        is_danger=True,
    )
    form = forms.ReasonForm(posted(request))
    return perform(request, act, form, services.decline_request, number=number)


# ── Quotes ──────────────────────────────────────────────────────────────────────────────────


def _quote_act(request: HttpRequest, number: str, **words: Any) -> tuple[Any, Act]:
    found = one(selectors.quotes_of(_user(request)), number)
    back = reverse("b2b:quote", args=[number])
    return found, act_on(number, back=back, **words)


def _presenting(quote: Quote) -> list[tuple[str, str, str]]:
    lines = selectors.lines_of_quote(quote)
    if discount_to_approve(line.discount_percent for line in lines) is not None:
        words = _("A line is far below the price: a colleague approves it before it goes")
        return [("s-pause", _("Approval"), words)]
    words = _("{name} gets the offer by letter, and answers it in the portal")
    return [("i-mail", _("Letter"), words.format(name=quote.company.name))]


def _presented(quote: Quote) -> str:
    if quote.status == QuoteStatus.PENDING_APPROVAL:
        return _("{n} waits for a colleague: a line is far below the price.").format(n=quote.number)
    return _("{n} is presented.").format(n=quote.number)


@login_required
@permission_required("b2b.draft_quote", raise_exception=True)
@require_http_methods(BOTH)
def present_quote(request: HttpRequest, number: str) -> HttpResponse:
    """Send the offer to the company; one with a large discount is approved first."""
    found, act = _quote_act(
        request,
        number,
        title=_("Present {n}"),
        button=_("Present the quote"),
        done=_presented,
    )
    act = replace(act, effects=_presenting(found))
    form = forms.PresentForm(posted(request), initial={"valid_until": found.valid_until})
    return perform(request, act, form, services.present_quote, number=number)


@login_required
@permission_required("b2b.approve_quote", raise_exception=True)
@require_http_methods(BOTH)
def approve_quote(request: HttpRequest, number: str) -> HttpResponse:
    """Agree to a large discount; the quote goes to the company."""
    _found, act = _quote_act(
        request,
        number,
        title=_("Approve {n}"),
        button=_("Approve and present it"),
        done=_("{n} is presented."),
    )
    form = forms.NothingForm(posted(request))
    return perform(request, act, form, services.approve_quote, number=number)


@login_required
@permission_required("b2b.draft_quote", raise_exception=True)
@require_http_methods(BOTH)
def revise_quote(request: HttpRequest, number: str) -> HttpResponse:
    """Begin the next version with the lines of this one."""
    _found, act = _quote_act(
        request,
        number,
        title=_("Revise {n}"),
        button=_("Begin the next version"),
        done=_("{n} has a new version. Change its lines, then present it."),
    )
    form = forms.NothingForm(posted(request))
    return perform(request, act, form, services.revise_quote, number=number)


@login_required
@permission_required("b2b.draft_quote", raise_exception=True)
@require_http_methods(BOTH)
def request_revision(request: HttpRequest, number: str) -> HttpResponse:
    """Write down what the company wants otherwise."""
    _found, act = _quote_act(
        request,
        number,
        title=_("A revision of {n}"),
        button=_("Ask for a revision"),
        done=_("{n} is to be revised."),
    )
    form = forms.ReasonForm(posted(request))
    return perform(request, act, form, services.request_revision, number=number)


@login_required
@permission_required("b2b.draft_quote", raise_exception=True)
@require_http_methods(BOTH)
def lose_quote(request: HttpRequest, number: str) -> HttpResponse:
    """Write down that the company went elsewhere, and why."""
    _found, act = _quote_act(
        request,
        number,
        title=_("{n} is lost"),
        button=_("Mark it as lost"),
        done=_("{n} is lost."),
        is_danger=True,
    )
    form = forms.ReasonForm(posted(request))
    return perform(request, act, form, services.lose_quote, number=number)


@login_required
@permission_required("b2b.draft_quote", raise_exception=True)
@require_http_methods(BOTH)
def withdraw_quote(request: HttpRequest, number: str) -> HttpResponse:
    """Take the offer back."""
    _found, act = _quote_act(
        request,
        number,
        title=_("Withdraw {n}"),
        button=_("Withdraw the quote"),
        done=_("{n} is withdrawn."),
        is_danger=True,
    )
    form = forms.ReasonForm(posted(request))
    return perform(request, act, form, services.withdraw_quote, number=number)


@login_required
@permission_required("b2b.enter_purchaseorder", raise_exception=True)
@require_http_methods(BOTH)
def accept_quote(request: HttpRequest, number: str) -> HttpResponse:
    """Write down that the company takes the offer, whole or in part."""
    found, act = _quote_act(
        request,
        number,
        title=_("{n} is accepted"),
        button=_("Make it a purchase order"),
        done=_("The company's purchase order is written."),
    )
    form = forms.AcceptQuoteForm(posted(request), lines=selectors.lines_of_quote(found))
    return perform(
        request,
        act,
        form,
        services.accept_quote,
        to=lambda made: reverse("b2b:purchase-order", args=[made.number]),
        number=number,
        version=found.version,
    )


# ── Purchase orders ─────────────────────────────────────────────────────────────────────────


def _order_act(request: HttpRequest, number: str, **words: Any) -> tuple[Any, Act]:
    found = one(selectors.purchase_orders_of(_user(request)), number)
    back = reverse("b2b:purchase-order", args=[number])
    return found, act_on(number, back=back, **words)


@login_required
@permission_required("b2b.accept_purchaseorder", raise_exception=True)
@require_http_methods(BOTH)
def accept_purchase_order(request: HttpRequest, number: str) -> HttpResponse:
    """Answer each line, and place the order."""
    found, act = _order_act(
        request,
        number,
        title=_("Accept {n}"),
        button=_("Accept and place the order"),
        done=_("{n} is accepted. Its order is placed, and the company is told."),
        template="b2b/accept.html",
    )
    form = forms.AnswersForm(posted(request), lines=selectors.lines_of_purchase_order(found))

    def accept(answers: list[dict[str, Any]], **rest: Any) -> object:
        said = [LineAnswer(**answer) for answer in answers]
        return services.accept_purchase_order(number=number, answers=said, **rest)

    return perform(request, act, form, accept)


@login_required
@permission_required("b2b.approve_purchaseorder", raise_exception=True)
@require_http_methods(BOTH)
def approve_purchase_order(request: HttpRequest, number: str) -> HttpResponse:
    """Agree in the company's name to what is over its limit."""
    found, act = _order_act(
        request,
        number,
        title=_("Approve {n}"),
        button=_("Approve it for the company"),
        done=_("{n} is approved."),
    )
    form = forms.NothingForm(posted(request))
    return perform(request, act, form, services.approve_purchase_order, number=found.number)


@login_required
@permission_required("b2b.accept_purchaseorder", raise_exception=True)
@require_http_methods(BOTH)
def reject_purchase_order(request: HttpRequest, number: str) -> HttpResponse:
    """Turn a purchase order down, and say why."""
    found, act = _order_act(
        request,
        number,
        title=_("Reject {n}"),
        button=_("Reject the purchase order"),
        done=_("{n} is rejected. The company is told why."),
        is_danger=True,
    )
    form = forms.ReasonForm(posted(request))
    return perform(request, act, form, services.reject_purchase_order, number=found.number)


@login_required
@permission_required("b2b.accept_purchaseorder", raise_exception=True)
@require_http_methods(BOTH)
def cancel_purchase_order(request: HttpRequest, number: str) -> HttpResponse:
    """Call off what has not left."""
    found, act = _order_act(
        request,
        number,
        title=_("Cancel {n}"),
        button=_("Cancel what has not left"),
        done=_("{n} is cancelled as far as it had not left."),
        effects=[("i-stock", _("Stock"), _("What is not packed goes back"))],
        is_danger=True,
    )
    form = forms.ReasonForm(posted(request))
    return perform(request, act, form, services.cancel_purchase_order, number=found.number)


# ── Invoices and credit ─────────────────────────────────────────────────────────────────────


@login_required
@permission_required("b2b.pay_invoice", raise_exception=True)
@require_http_methods(BOTH)
def record_payment(request: HttpRequest, number: str) -> HttpResponse:
    """Record money that came in."""
    found = one(selectors.invoices_of(_user(request)), number)
    act = Act(
        title=_("A payment of {n}").format(n=number),
        button=_("Record the payment"),
        back=reverse("b2b:invoice", args=[number]),
        done=_("The payment is recorded."),
        effects=[("i-money", _("Open"), money_text(found.open_amount, found.currency))],
    )
    form = forms.PaymentForm(posted(request), initial={"amount": found.open_amount.normalize()})
    return perform(request, act, form, services.record_payment, invoice=number)


@login_required
@permission_required("b2b.credit_invoice", raise_exception=True)
@require_http_methods(BOTH)
def credit_invoice(request: HttpRequest, number: str) -> HttpResponse:
    """Write a credit note."""
    found = one(selectors.invoices_of(_user(request)), number)
    act = Act(
        title=_("A credit note for {n}").format(n=number),
        button=_("Write the credit note"),
        back=reverse("b2b:invoice", args=[number]),
        done=_("The credit note is written."),
        effects=[("i-money", _("Open"), money_text(found.open_amount, found.currency))],
    )
    form = forms.CreditNoteForm(posted(request))
    return perform(request, act, form, services.credit_invoice, invoice=number)


# ── Prices ──────────────────────────────────────────────────────────────────────────────────


@login_required
@permission_required("b2b.change_pricelist", raise_exception=True)
@require_http_methods(BOTH)
def new_price_list(request: HttpRequest) -> HttpResponse:
    """Begin a price list."""
    act = Act(
        title=_("New price list"),
        button=_("Begin the price list"),
        back=reverse("b2b:price-lists"),
        done=_("The price list is there."),
    )
    return perform(
        request,
        act,
        forms.PriceListForm(posted(request)),
        services.save_price_list,
        to=lambda made: reverse("b2b:price-list", args=[made.code]),
    )


@login_required
@permission_required("b2b.change_pricelist", raise_exception=True)
@require_http_methods(BOTH)
def new_price(request: HttpRequest, code: str) -> HttpResponse:
    """Agree on a price; the same SKU from the same quantity and day is changed."""
    if not selectors.price_list_exists(code):
        raise Http404
    act = Act(
        title=_("A price of {n}").format(n=code),
        button=_("Keep the price"),
        back=reverse("b2b:price-list", args=[code]),
        done=_("The price is kept."),
    )
    initial = {
        name: request.GET.get(name, "") for name in ("sku", "company") if name in request.GET
    }
    form = forms.PriceForm(posted(request), initial=initial)
    return perform(request, act, form, services.set_price, price_list=code)
