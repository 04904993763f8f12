"""What staff do to one subscription. A refusal is shown where it was asked for."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from oms.core.actors import Actor
from oms.core.errors import Refusal
from orders import selectors, services
from orders.forms_subscriptions import (
    AccountForm,
    AddressForm,
    ContentForm,
    EndForm,
    PaymentForm,
    RhythmForm,
    StaffPauseForm,
    parts_of,
)
from orders.selectors import SubscriptionPage

Act = Callable[..., Any]


def _page(number: str) -> SubscriptionPage:
    page = selectors.subscription_page(number, story=False)
    if page is None:
        raise Http404(number)
    return page


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": Actor.of(request.user), "at": timezone.now()}


def _asked(
    request: HttpRequest,
    page: SubscriptionPage,
    form: Form,
    act: Callable[[], object],
    words: dict[str, Any],
) -> HttpResponse:
    """Show the form, or do what it asks for; `words` are what the page says."""
    status = 422 if form.is_bound else 200
    number = page.subscription.number
    if form.is_valid():
        try:
            act()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, words["done"])
            return redirect("orders:subscription", number)
    context = {"page": page, "subscription": page.subscription, "form": form, **words}
    template = words.get("template", "orders/subscriptions/act.html")
    return render(request, template, context, status=status)


@login_required
@permission_required("orders.manage_subscription", raise_exception=True)
@require_http_methods(["GET", "POST"])
def pause(request: HttpRequest, number: str) -> HttpResponse:
    """Ask until when, then place nothing more."""
    page, form = _page(number), StaffPauseForm(request.POST or None)
    words = {
        "heading": _("Pause {n}").format(n=number),
        "text": _("Nothing is placed or charged while it is paused."),
        "verb": _("Pause it"),
        "done": _("{n} is paused.").format(n=number),
    }
    return _asked(
        request,
        page,
        form,
        lambda: services.pause_subscription(number=number, **form.cleaned_data, **_who(request)),
        words,
    )


@login_required
@permission_required("orders.manage_subscription", raise_exception=True)
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Ask why, then end it."""
    page, form = _page(number), EndForm(request.POST or None)
    words = {
        "heading": _("Cancel {n}").format(n=number),
        "text": _(
            "Nothing more is placed. Orders that were paid are delivered; one whose payment "
            "failed is cancelled. This cannot be undone."
        ),
        "verb": _("Cancel the subscription"),
        "is_danger": True,
        "done": _("{n} is cancelled.").format(n=number),
    }
    return _asked(
        request,
        page,
        form,
        lambda: services.cancel_subscription(number=number, **form.cleaned_data, **_who(request)),
        words,
    )


@login_required
@permission_required("orders.manage_subscription", raise_exception=True)
@require_http_methods(["GET", "POST"])
def content(request: HttpRequest, number: str) -> HttpResponse:
    """Ask what comes, once or from now on."""
    page = _page(number)
    form = ContentForm(request.POST or None, lines=page.lines)
    words = {
        "heading": _("Change what comes with {n}").format(n=number),
        "verb": _("Change what comes"),
        "done": _("What comes is changed."),
        "template": "orders/subscriptions/content.html",
    }
    return _asked(
        request,
        page,
        form,
        lambda: services.change_lines(
            number=number, lines=form.wanted, once=form.once, **_who(request)
        ),
        words,
    )


@login_required
@permission_required("orders.manage_subscription", raise_exception=True)
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, number: str) -> HttpResponse:
    """Ask where it goes, once or from now on."""
    page = _page(number)
    form = AddressForm(request.POST or None, initial=parts_of(page.subscription.ship_to))
    words = {
        "heading": _("Change where {n} goes").format(n=number),
        "verb": _("Change the address"),
        "done": _("The address is changed."),
    }
    return _asked(
        request,
        page,
        form,
        lambda: services.change_address(
            number=number, ship_to=form.address, once=form.once, **_who(request)
        ),
        words,
    )


@login_required
@permission_required("orders.manage_subscription", raise_exception=True)
@require_http_methods(["GET", "POST"])
def rhythm(request: HttpRequest, number: str) -> HttpResponse:
    """Ask how often it comes."""
    page = _page(number)
    initial = {"every": page.subscription.every, "unit": page.subscription.unit}
    form = RhythmForm(request.POST or None, initial=initial)
    words = {
        "heading": _("Change how often {n} comes").format(n=number),
        "text": _("Counted from the last delivery that is placed or fixed."),
        "verb": _("Change how often"),
        "done": _("It comes at another rhythm now."),
    }
    return _asked(
        request,
        page,
        form,
        lambda: services.change_rhythm(number=number, **form.cleaned_data, **_who(request)),
        words,
    )


@login_required
@permission_required("orders.manage_subscription", raise_exception=True)
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, number: str) -> HttpResponse:
    """Ask who is charged, and how."""
    page = _page(number)
    subscription = page.subscription
    initial = {
        "payer": subscription.payer_reference,
        "reference": subscription.payment_reference,
        "method": subscription.payment_method,
    }
    form = AccountForm(request.POST or None, initial=initial)
    words = {
        "heading": _("Change who pays for {n}").format(n=number),
        "text": _("Card numbers never come here: this is what the gateway calls them."),
        "verb": _("Change the payment"),
        "done": _("The next charge goes there."),
    }
    return _asked(
        request,
        page,
        form,
        lambda: services.change_payment(number=number, account=form.account, **_who(request)),
        words,
    )


@login_required
@permission_required("orders.record_payment", raise_exception=True)
@require_http_methods(["GET", "POST"])
def payment(request: HttpRequest, number: str, index: int) -> HttpResponse:
    """Ask what came in for a delivery, and book it on its order."""
    page = _page(number)
    order = next((each.order for each in page.past if each.index == index and each.order), None)
    if order is None:
        raise Http404(number)
    due = order.due_amount - order.kept_amount
    form = PaymentForm(request.POST or None, initial={"amount": f"{due.normalize():f}"})
    words = {
        "heading": _("Record a payment for {n}").format(n=order.number),
        "text": _("Once it is paid in full, the order goes on by itself."),
        "verb": _("Record the payment"),
        "done": _("The payment is recorded."),
    }
    return _asked(
        request,
        page,
        form,
        lambda: services.record_delivery_payment(
            order=order.number, **form.cleaned_data, **_who(request)
        ),
        words,
    )


def _at_once(name: str, done: Any) -> Act:
    """A button: one service call and a word about it."""

    @login_required
    @permission_required("orders.manage_subscription", raise_exception=True)
    @require_POST
    def view(request: HttpRequest, number: str) -> HttpResponse:
        _page(number)
        try:
            getattr(services, name)(number=number, **_who(request))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, str(done).format(n=number))
        return redirect("orders:subscription", number)

    return view


resume = _at_once("resume_subscription", gettext_lazy("{n} goes on."))
skip = _at_once("skip_delivery", gettext_lazy("The next delivery of {n} is skipped."))
unskip = _at_once("unskip_delivery", gettext_lazy("The skipped delivery of {n} comes after all."))
retry = _at_once("retry_payment", gettext_lazy("The payment of {n} is tried again."))
revoke = _at_once(
    "revoke_subscription_link", gettext_lazy("Older links to the page of {n} no longer open it.")
)
