"""What administrators do to webhook endpoints. A refusal is shown where it was asked for."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.htmx import is_part
from oms.core.outbound import AddressNotAllowed
from oms.core.said import posted
from oms.messaging import services
from oms.messaging.forms.webhooks import (
    EndpointForm,
    NewEndpointForm,
    ReplayForm,
    SwitchOffForm,
)
from oms.messaging.models import WebhookEndpoint
from oms.messaging.views.webhooks import find_or_404

CHANGE = "messaging.change_webhookendpoint"


@never_cache
@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add an endpoint; the answer shows its secret, this once."""
    form = NewEndpointForm(posted(request))
    if form.is_valid():
        try:
            made = services.add_endpoint(
                **form.cleaned_data, by=Actor.of(request.user), at=timezone.now()
            )
        except Refusal as refusal:
            _put(form, refusal)
        else:
            return _secret(request, made, is_new=True)
    status = 422 if form.errors else 200
    return render(request, "messaging/webhook_form.html", {"form": form}, status=status)


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Change where events go, and which."""
    row = find_or_404(endpoint)
    initial = {"url": row.url, "description": row.description, "types": row.types}
    form = EndpointForm(posted(request), initial=initial)
    if form.is_valid():
        try:
            services.change_endpoint(
                endpoint=endpoint,
                **form.cleaned_data,
                by=Actor.of(request.user),
                at=timezone.now(),
            )
        except Refusal as refusal:
            _put(form, refusal)
        else:
            messages.success(request, _("The endpoint is changed."))
            return redirect("webhooks:detail", endpoint)
    context = {"form": form, "endpoint": row}
    status = 422 if form.errors else 200
    return render(request, "messaging/webhook_form.html", context, status=status)


@never_cache
@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def rotate(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Ask, then give the endpoint a new secret and show it, this once."""
    row = find_or_404(endpoint)
    if request.method == "POST":
        made = services.rotate_secret(
            endpoint=endpoint, by=Actor.of(request.user), at=timezone.now()
        )
        return _secret(request, made, is_new=False)
    return _confirm(request, row, "rotate", Form())


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def switch_off(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Ask why, then call the endpoint no more."""
    done = _("It is switched off. What was waiting is given up and can be replayed.")
    return _ask(request, endpoint, "switch_off", SwitchOffForm, services.disable_endpoint, done)


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def replay(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Ask from where, then send everything from there on again."""
    done = _("These events are sent again now.")
    return _ask(request, endpoint, "replay", ReplayForm, services.replay_since, done)


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Ask, then have the endpoint gone."""
    row = find_or_404(endpoint)
    if request.method == "POST":
        services.remove_endpoint(endpoint=endpoint, by=Actor.of(request.user), at=timezone.now())
        messages.success(request, _("The endpoint is removed."))
        return redirect("webhooks:list")
    return _confirm(request, row, "remove", Form())


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_POST
def switch_on(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Call the endpoint again."""
    find_or_404(endpoint)
    done = _("It is switched on, and hears of what happens from now on.")
    return _do(request, endpoint, services.enable_endpoint, lambda _made: done)


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_POST
def ping(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Send a message that says nothing."""
    find_or_404(endpoint)
    done = _("A ping is on its way. Its answer appears in the log within seconds.")
    return _do(request, endpoint, services.ping, lambda _made: done)


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_POST
def replay_failed(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Send all that was given up again."""
    find_or_404(endpoint)

    def done(count: int) -> str:
        return ngettext(
            "{n} event is sent again now.", "{n} events are sent again now.", count
        ).format(n=count)

    return _do(request, endpoint, services.replay_failed, done)


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_POST
def replay_one(request: HttpRequest, endpoint: str, delivery: int) -> HttpResponse:
    """Send one event again."""
    find_or_404(endpoint)
    done = _("It is sent again now, under the name it had before.")
    return _do(
        request, endpoint, services.replay_delivery, lambda _made: done, delivery_id=delivery
    )


def _do(
    request: HttpRequest,
    endpoint: str,
    service: Callable[..., Any],
    done: Callable[[Any], str],
    **what: Any,
) -> HttpResponse:
    try:
        made = service(endpoint=endpoint, **what, by=Actor.of(request.user), at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done(made))
    return redirect("webhooks:detail", endpoint)


def _ask(
    request: HttpRequest,
    endpoint: str,
    verb: str,
    form_class: type[Form],
    service: Callable[..., Any],
    done: str,
) -> HttpResponse:
    """Ask for a word, then do it; a page, or for the dialog its part."""
    row = find_or_404(endpoint)
    form = form_class(posted(request))
    if form.is_valid():
        try:
            service(
                endpoint=endpoint,
                **form.cleaned_data,
                by=Actor.of(request.user),
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("webhooks:detail", endpoint)
    return _confirm(request, row, verb, form)


def _confirm(request: HttpRequest, row: WebhookEndpoint, verb: str, form: Form) -> HttpResponse:
    page = "messaging/_webhook_ask.html" if is_part(request) else "messaging/webhook_ask.html"
    context = {"endpoint": row, "verb": verb, "form": form}
    return render(request, page, context, status=422 if form.errors else 200)


def _secret(request: HttpRequest, made: services.NewSecret, *, is_new: bool) -> HttpResponse:
    context = {"endpoint": made.endpoint, "secret": made.secret, "is_new": is_new}
    return render(request, "messaging/webhook_secret.html", context)


def _put(form: Form, refusal: Refusal) -> None:
    """Show a refusal by the field it is about."""
    form.add_error("url" if isinstance(refusal, AddressNotAllowed) else None, str(refusal))
