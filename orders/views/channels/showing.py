"""Channels as staff see them: how each fares, and what is agreed with it."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from oms.channels import selectors as channels
from oms.channels.models import Channel
from oms.channels.rules.connecting import wiring_of
from oms.channels.states import Traffic
from oms.core.keyset import page_of
from orders import selectors


@login_required
@permission_required("channels.view_channel", raise_exception=True)
@require_GET
def channel_list(request: HttpRequest) -> HttpResponse:
    """Show every channel and how it fares."""
    page = page_of(
        Channel.objects.all(),
        cursor=request.GET.get("cursor", ""),
        keys=("name", "id"),
        descending=False,
    )
    rows = selectors.channel_rows(page.rows, since=_today())
    return render(request, "channels/list.html", {"rows": rows, "page": page})


@login_required
@permission_required("channels.view_channel", raise_exception=True)
@require_GET
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a channel: its traffic, what is wrong, what is agreed, its keys and secrets."""
    channel = find_or_404(slug)
    now = timezone.now()
    by_day = request.GET.get("by") == "day"
    spans = selectors.traffic_of(channel, now=now, by_day=by_day, today=_today())
    local = timezone.localtime
    word = "%d %b" if by_day else "%H:00"
    totals = {kind: sum(span.counts.get(kind, 0) for span in spans) for kind in Traffic.values}
    may_see_keys = request.user.has_perm("channels.view_apikey")
    context = {
        "channel": channel,
        "row": selectors.channel_rows([channel], since=_today())[0],
        "bars": [(local(each.begins).strftime(word), each.accepted, each.others) for each in spans],
        "bar_names": [_("Accepted"), _("Not taken, or known already")],
        "has_traffic": any(totals.values()),
        "totals": [(Traffic(kind).label, count) for kind, count in totals.items()],
        "by_day": by_day,
        "wiring": wiring_of(channel.adapter),
        "inbound_url": inbound_url(channel),
        "connection": channels.connection_row(channel),
        "keys": channels.keys_in_force(channel=channel, at=now) if may_see_keys else [],
        "secrets": channels.secret_rows(channel, at=now) if may_see_keys else [],
        "may_see_keys": may_see_keys,
        "problems": _work(request, channel),
        "archive_url": _archived(request, channel, "quarantined"),
    }
    return render(request, "channels/detail.html", context)


def _archived(request: HttpRequest, channel: Channel, state: str = "") -> str:
    """Where the messages of a channel are looked at; nowhere for those who may not."""
    if not request.user.has_perm("channels.view_inboundmessage"):
        return ""
    asked = {"channel": channel.slug, **({"state": state} if state else {})}
    return f"{reverse('archive:list')}?{urlencode(asked)}"


def _work(request: HttpRequest, channel: Channel) -> list[tuple[str, str]]:
    """The work lists that orders of a channel may lie in, by what they are about."""
    found = []
    if archive := _archived(request, channel):
        found.append((_("Everything it sent"), archive))
    if request.user.has_perm("orders.view_order"):
        holds = reverse("orders:holds")
        found += [
            (_("Orders that wait for a review"), f"{holds}?kind=review"),
            (_("SKUs nobody knows"), reverse("orders:unknown-skus")),
            (_("Orders that lag behind their channel"), reverse("orders:channel-orders")),
            (_("Orders whose totals differ"), f"{holds}?kind=total_mismatch"),
        ]
    return found


def inbound_url(channel: Channel) -> str:
    """Where the channel sends what it has to say."""
    return f"{settings.OMS_BASE_URL}/api/v1/inbound/{channel.slug}/"


def find_or_404(slug: str) -> Channel:
    channel = Channel.objects.filter(slug=slug).first()
    if channel is None:
        raise Http404(slug)
    return channel


def _today() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
