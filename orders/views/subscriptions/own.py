"""The subscriber's own page, opened by a signed link and kept open by a cookie."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.private_pages import Door, private, unknown
from oms.core.said import posted
from orders import selectors, services
from orders.forms_subscriptions import (
    AddressForm,
    ContentForm,
    CustomerEndForm,
    PauseForm,
    RhythmForm,
)
from orders.letters_subscriptions import rhythm_words
from orders.selectors import SubscriptionPage
from orders.states import SUBSCRIPTION

DOOR = Door("oms_subscription")
MOST_SHOWN = 6


def _opened(request: HttpRequest, number: str) -> SubscriptionPage | None:
    revision = DOOR.opened(request).get(number)
    page = selectors.subscription_page(number, story=False) if revision is not None else None
    return page if page and page.subscription.link_revision == revision else None


@private
@require_GET
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of a link in, and lead to an address that holds no secret."""
    subscription = selectors.subscription_by_token(token)
    if subscription is None:
        return unknown(request)
    response = redirect("orders:my-subscription", subscription.number)
    DOOR.open(request, response, subscription.number, subscription.link_revision)
    return response


@private
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Show what comes, when next, and what came."""
    found = _opened(request, number)
    if found is None:
        return unknown(request)
    status = found.subscription.status
    came = [(each, selectors.status_url(each.order)) for each in found.past if each.order]
    context = {
        **_context(found),
        "may_pause": SUBSCRIPTION.allows("pause", status),
        "may_resume": status == "paused",
        "may_cancel": SUBSCRIPTION.allows("cancel", status),
        "came": came[:MOST_SHOWN],
    }
    return render(request, "subscription/page.html", context)


def _context(found: SubscriptionPage) -> dict[str, Any]:
    subscription = found.subscription
    return {
        "found": found,
        "subscription": subscription,
        "rhythm": rhythm_words(subscription.every, subscription.unit),
    }


def _ask(
    request: HttpRequest,
    found: SubscriptionPage,
    form: Form,
    act: Callable[[], object],
    words: dict[str, Any],
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            act()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, words["done"])
            return redirect("orders:my-subscription", found.subscription.number)
    context = {**_context(found), "form": form, **words}
    template = words.get("template", "subscription/act.html")
    return render(request, template, context, status=status)


def _who(number: str) -> dict[str, Any]:
    return {"by": Actor.customer(number), "at": timezone.now()}


@private
@require_http_methods(["GET", "POST"])
def pause(request: HttpRequest, number: str) -> HttpResponse:
    """Ask until when, then place nothing more."""
    found = _opened(request, number)
    if found is None:
        return unknown(request)
    form = PauseForm(request.POST or None)
    form.fields["until"].help_text = _("Leave it empty to pause until you resume it here.")
    words = {
        "heading": _("Take a break"),
        "text": _("Nothing is sent or charged until then."),
        "verb": _("Pause my subscription"),
        "done": _("Your subscription is paused."),
    }
    return _ask(
        request,
        found,
        form,
        lambda: services.pause_subscription(
            number=number,
            until=form.cleaned_data["until"],
            reason=_("Asked for by the customer"),
            **_who(number),
        ),
        words,
    )


@private
@require_http_methods(["GET", "POST"])
def content(request: HttpRequest, number: str) -> HttpResponse:
    """Ask how many of each come, once or from now on."""
    found = _opened(request, number)
    if found is None:
        return unknown(request)
    form = ContentForm(request.POST or None, lines=found.lines, more=0)
    words = {
        "heading": _("What would you like to get?"),
        "verb": _("Save"),
        "done": _("What comes is changed."),
        "template": "subscription/content.html",
    }
    return _ask(
        request,
        found,
        form,
        lambda: services.change_lines(
            number=number, lines=form.wanted, once=form.once, **_who(number)
        ),
        words,
    )


@private
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, number: str) -> HttpResponse:
    """Ask where it goes; the address we have is not shown, since links are passed on."""
    found = _opened(request, number)
    if found is None:
        return unknown(request)
    form = AddressForm(
        request.POST or None, initial={"country": found.subscription.ship_to.country}
    )
    words = {
        "heading": _("Where should it go?"),
        "text": _("Write the whole address, also what stays the same."),
        "verb": _("Save this address"),
        "done": _("The address is changed."),
    }
    return _ask(
        request,
        found,
        form,
        lambda: services.change_address(
            number=number, ship_to=form.address, once=form.once, **_who(number)
        ),
        words,
    )


@private
@require_http_methods(["GET", "POST"])
def rhythm(request: HttpRequest, number: str) -> HttpResponse:
    """Ask how often it comes."""
    found = _opened(request, number)
    if found is None:
        return unknown(request)
    initial = {"every": found.subscription.every, "unit": found.subscription.unit}
    form = RhythmForm(request.POST or None, initial=initial)
    words = {
        "heading": _("How often should it come?"),
        "verb": _("Save"),
        "done": _("It comes at another rhythm now."),
    }
    return _ask(
        request,
        found,
        form,
        lambda: services.change_rhythm(number=number, **form.cleaned_data, **_who(number)),
        words,
    )


@private
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """End it; no reason is owed."""
    found = _opened(request, number)
    if found is None:
        return unknown(request)
    form = CustomerEndForm(posted(request))
    words = {
        "heading": _("Cancel your subscription?"),
        "text": _("Nothing more is sent or charged. What is ordered already still comes."),
        "verb": _("Cancel my subscription"),
        "is_danger": True,
        "done": _("Your subscription is cancelled."),
    }
    return _ask(
        request,
        found,
        form,
        lambda: services.cancel_subscription(
            number=number,
            reason=form.cleaned_data["reason"] or _("Asked for by the customer"),
            **_who(number),
        ),
        words,
    )


def _at_once(name: str, done: Any) -> Callable[..., HttpResponse]:
    """A button: one service call and a word about it."""

    @private
    @require_POST
    def view(request: HttpRequest, number: str) -> HttpResponse:
        if _opened(request, number) is None:
            return unknown(request)
        try:
            getattr(services, name)(number=number, **_who(number))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return redirect("orders:my-subscription", number)

    return view


resume = _at_once("resume_subscription", gettext_lazy("Your subscription goes on."))
skip = _at_once("skip_delivery", gettext_lazy("Your next delivery is skipped."))
unskip = _at_once("unskip_delivery", gettext_lazy("The delivery comes after all."))
