"""Keys and secrets: made, replaced by the next, ended. What is made is shown this once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from oms.channels import selectors as channels
from oms.channels import services
from oms.channels.errors import SecretUnfit
from oms.channels.models import ApiKey
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.core.said import posted
from orders.forms_channels import NewKeyForm, NewSecretForm, OverlapForm
from orders.views.channels.showing import find_or_404

CHANGE = "channels.change_apikey"


@login_required
@permission_required("channels.view_apikey", raise_exception=True)
@require_GET
def key_list(request: HttpRequest) -> HttpResponse:
    """Show every key in force, of channels and of people."""
    rows = channels.keys_in_force(at=timezone.now())
    page = page_of(rows, cursor=request.GET.get("cursor", ""), keys=("id",))
    return render(request, "channels/keys.html", {"page": page})


@never_cache
@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def new_key(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a further key of a channel and show it, this once."""
    channel = find_or_404(slug)
    form = NewKeyForm(posted(request))
    if form.is_valid():
        key = services.add_key(slug=slug, **form.cleaned_data, by=Actor.of(request.user))
        return render(request, "channels/shown.html", {"channel": channel, "key": key})
    context = {"channel": channel, "form": form, "verb": "new_key"}
    return render(request, "channels/ask.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def rotate_key(request: HttpRequest, prefix: str) -> HttpResponse:
    """Ask how long the old key still counts, then make the next and show it, this once."""
    row = _key_or_404(prefix)
    form = OverlapForm(posted(request))
    if form.is_valid():
        try:
            key = services.rotate_key(
                prefix=prefix, **form.cleaned_data, by=Actor.of(request.user), at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "channels/shown.html", {"channel": row.channel, "key": key})
    context = {"channel": row.channel, "row": row, "form": form, "verb": "rotate_key"}
    return render(request, "channels/ask.html", context, status=422 if form.errors else 200)


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def end_key(request: HttpRequest, prefix: str) -> HttpResponse:
    """Ask, then have a key open nothing any more."""
    row = _key_or_404(prefix)
    form = Form(posted(request))
    if form.is_valid():
        try:
            services.end_key(prefix=prefix, by=Actor.of(request.user), at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The key {prefix}… has ended.").format(prefix=prefix))
            if row.channel:
                return redirect("channels:detail", row.channel.slug)
            return redirect("channels:keys")
    context = {"channel": row.channel, "row": row, "form": form, "verb": "end_key"}
    return render(request, "channels/ask.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def new_secret(request: HttpRequest, slug: str) -> HttpResponse:
    """Have a channel sign with a new secret; one that we made is shown, this once."""
    channel = find_or_404(slug)
    form = NewSecretForm(posted(request))
    if form.is_valid():
        try:
            made = services.add_secret(
                channel=slug, **form.cleaned_data, by=Actor.of(request.user), at=timezone.now()
            )
        except SecretUnfit as refusal:
            form.add_error("secret", str(refusal))
        else:
            if form.cleaned_data["secret"]:
                messages.success(request, _("The new secret counts."))
                return redirect("channels:detail", slug)
            return render(request, "channels/shown.html", {"channel": channel, "secret": made})
    context = {"channel": channel, "form": form, "verb": "new_secret"}
    return render(request, "channels/ask.html", context, status=422 if form.errors else 200)


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def end_secret(request: HttpRequest, slug: str, secret_id: int) -> HttpResponse:
    """Ask, then refuse what is signed with a secret that was replaced."""
    channel = find_or_404(slug)
    form = Form(posted(request))
    if form.is_valid():
        try:
            services.end_secret(
                channel=slug, secret_id=secret_id, by=Actor.of(request.user), at=timezone.now()
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The old secret has ended."))
        return redirect("channels:detail", slug)
    context = {"channel": channel, "form": form, "verb": "end_secret"}
    return render(request, "channels/ask.html", context)


def _key_or_404(prefix: str) -> ApiKey:
    row = channels.keys_in_force(at=timezone.now()).filter(prefix=prefix).first()
    if row is None:
        raise Http404(prefix)
    return row
