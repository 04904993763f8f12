"""Keys and secrets: made, replaced by the next, ended. What is made is shown this once."""

from collections.abc import Callable

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
from oms.channels.models import ApiKey, Channel
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

    def make(form: Form) -> HttpResponse:
        key = services.add_key(slug=slug, **form.cleaned_data, by=Actor.of(request.user))
        return _shown(request, channel, key=key)

    return _ask(
        request,
        NewKeyForm(posted(request)),
        make,
        channel,
        title=_("Make a further key"),
        button=_("Make the key"),
    )


@never_cache
@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def rotate_key(request: HttpRequest, prefix: str) -> HttpResponse:
    """Ask how long the old key still counts, then make the next and show it, this once."""
    row = _key_or_404(prefix)

    def make(form: Form) -> HttpResponse:
        key = services.rotate_key(
            prefix=prefix, **form.cleaned_data, by=Actor.of(request.user), at=timezone.now()
        )
        return _shown(request, row.channel, key=key)

    return _ask(
        request,
        OverlapForm(posted(request)),
        make,
        row.channel,
        title=_("Replace the key {prefix}…").format(prefix=prefix),
        says=_(
            "A new key is made beside it that may do the same. Put it in place while the old one "
            "still counts: nothing is refused meanwhile."
        ),
        button=_("Make the key"),
    )


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def end_key(request: HttpRequest, prefix: str) -> HttpResponse:
    """Ask, then have a key open nothing any more."""
    row = _key_or_404(prefix)

    def end(form: Form) -> HttpResponse:
        services.end_key(prefix=prefix, by=Actor.of(request.user), at=timezone.now())
        messages.success(request, _("The key {prefix}… has ended.").format(prefix=prefix))
        return _back(row.channel)

    return _ask(
        request,
        Form(posted(request)),
        end,
        row.channel,
        title=_("End the key {prefix}…").format(prefix=prefix),
        says=_("Whatever still uses it is refused from now on. This cannot be taken back."),
        button=_("End the key"),
        is_final=True,
    )


@never_cache
@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def new_secret(request: HttpRequest, slug: str) -> HttpResponse:
    """Have a channel sign with a new secret; one that we made is shown, this once."""
    channel = find_or_404(slug)

    def use(form: Form) -> HttpResponse:
        made = services.add_secret(
            channel=slug, **form.cleaned_data, by=Actor.of(request.user), at=timezone.now()
        )
        if not form.cleaned_data["secret"]:
            return _shown(request, channel, secret=made)
        messages.success(request, _("The new secret counts."))
        return _back(channel)

    return _ask(
        request,
        NewSecretForm(posted(request)),
        use,
        channel,
        title=_("Enter the next secret"),
        says=_("Messages signed with either are taken while both count."),
        button=_("Use the new secret"),
    )


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def end_secret(request: HttpRequest, slug: str, secret_id: int) -> HttpResponse:
    """Ask, then refuse what is signed with a secret that was replaced."""
    channel = find_or_404(slug)

    def end(form: Form) -> HttpResponse:
        services.end_secret(
            channel=slug, secret_id=secret_id, by=Actor.of(request.user), at=timezone.now()
        )
        messages.success(request, _("The old secret has ended."))
        return _back(channel)

    return _ask(
        request,
        Form(posted(request)),
        end,
        channel,
        title=_("End the old secret"),
        says=_("What is still signed with it is refused from now on. This cannot be taken back."),
        button=_("End the secret"),
        is_final=True,
    )


def _ask(
    request: HttpRequest,
    form: Form,
    do: Callable[[Form], HttpResponse],
    channel: Channel | None,
    **words: str | bool,
) -> HttpResponse:
    """Ask; `do` it once that is answered, and say by the form what stands against it."""
    if form.is_valid():
        try:
            return do(form)
        except Refusal as refusal:
            form.add_error("secret" if isinstance(refusal, SecretUnfit) else None, str(refusal))
    context = {"channel": channel, "form": form, **words}
    return render(request, "channels/ask.html", context, status=422 if form.errors else 200)


def _shown(request: HttpRequest, channel: Channel | None, **made: str) -> HttpResponse:
    return render(request, "channels/shown.html", {"channel": channel, **made})


def _back(channel: Channel | None) -> HttpResponse:
    return redirect("channels:detail", channel.slug) if channel else redirect("channels:keys")


def _key_or_404(prefix: str) -> ApiKey:
    row = channels.keys_in_force(at=timezone.now()).filter(prefix=prefix).first()
    if row is None:
        raise Http404(prefix)
    return row
