"""What staff agree with a channel: opening one, its terms, and how it is called."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from oms.channels import selectors as channels
from oms.channels import services
from oms.channels.errors import ChannelExists, ConnectionIncomplete
from oms.channels.models import Channel
from oms.channels.rules.connecting import wiring_of
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.outbound import AddressNotAllowed
from oms.core.said import posted
from oms.messaging.letters.kinds import letter_kinds
from oms.messaging.states import Audience
from orders.forms_channels import ConnectionForm, NewChannelForm, TermsForm
from orders.views.channels.showing import find_or_404, inbound_url


@never_cache
@login_required
@permission_required("channels.add_channel", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a channel; the answer shows its key and its secret, this once."""
    form = NewChannelForm(posted(request))
    if form.is_valid():
        by = Actor.of(request.user)
        try:
            opened = services.open_channel(**form.cleaned_data, by=by, at=timezone.now())
        except Refusal as refusal:
            form.add_error("slug" if isinstance(refusal, ChannelExists) else None, str(refusal))
        else:
            channel = find_or_404(form.cleaned_data["slug"])
            context = {
                "channel": channel,
                "key": opened.key,
                "secret": opened.secret,
                "secret_is_ours": not form.cleaned_data["secret"],
                "wiring": wiring_of(channel.adapter),
                "inbound_url": inbound_url(channel),
            }
            return render(request, "channels/opened.html", context)
    status = 422 if form.errors else 200
    return render(request, "channels/new.html", {"form": form}, status=status)


@login_required
@permission_required("channels.change_channel", raise_exception=True)
@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what is agreed with a channel."""
    channel = find_or_404(slug)
    letters = customer_letters()
    form = TermsForm(
        posted(request),
        services=service_choices(channel),
        letters=letters,
        initial=TermsForm.initial_of(channel, [key for key, _label in letters]),
    )
    if form.is_valid():
        try:
            services.agree(
                channel=slug,
                terms=form.terms(channel),
                by=Actor.of(request.user),
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The settings are kept."))
            return redirect("channels:detail", slug)
    context = {"form": form, "channel": channel}
    return render(request, "channels/terms.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@permission_required("channels.change_apikey", raise_exception=True)
@require_http_methods(["GET", "POST"])
def connection(request: HttpRequest, slug: str) -> HttpResponse:
    """Say where a channel is called and with what; what is kept is never shown."""
    channel = find_or_404(slug)
    row = channels.connection_row(channel)
    initial = {"base_url": row.base_url, "is_on": row.is_on} if row else {}
    if row:
        initial |= {f"option_{name}": value for name, value in row.options.items()}
    wiring = wiring_of(channel.adapter)
    form = ConnectionForm(
        posted(request), wiring=wiring, known=row.names if row else (), initial=initial
    )
    if form.is_valid():
        try:
            services.connect_channel(
                channel=slug, **form.said(), by=Actor.of(request.user), at=timezone.now()
            )
        except AddressNotAllowed as refusal:
            form.add_error("base_url", str(refusal))
        except ConnectionIncomplete as refusal:
            for name in refusal.missing:
                form.add_error(f"credential_{name}", _("It is needed to call this address."))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The connection is kept."))
            return redirect("channels:detail", slug)
    context = {"form": form, "channel": channel, "wiring": wiring}
    return render(request, "channels/connection.html", context, status=422 if form.errors else 200)


def customer_letters() -> list[tuple[str, str]]:
    """The letters that customers get, by key."""
    return [
        (kind.key, str(kind.name))
        for kind in letter_kinds().values()
        if kind.audience == Audience.CUSTOMER
    ]


def service_choices(channel: Channel) -> list[tuple[str, str]]:
    """The services there are; one that is allowed and no longer there can be unticked."""
    found: list[tuple[str, str]] = import_string(settings.SERVICE_CHOICES)()
    known = {code for code, _label in found}
    return [*found, *((code, code) for code in channel.allowed_services if code not in known)]
