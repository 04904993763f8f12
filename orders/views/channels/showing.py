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
from orders.states import hold_kind


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
        "bars": [(local(each.begins).strftime(word), each.others, each.accepted) for each in spans],
        "bar_names": [_("Not taken, or known already"), _("Accepted")],
        "has_traffic": any(totals.values()),
        "totals": [(Traffic(kind).label, count) for kind, count in totals.items() if count],
        "by_day": by_day,
        "wiring": wiring_of(channel.adapter),
        "inbound_url": inbound_url(channel),
        "connection": channels.connection_row(channel),
        "keys": channels.keys_in_force(channel=channel, at=now) if may_see_keys else [],
        "secrets": channels.secret_rows(channel, at=now) if may_see_keys else [],
        "may_see_keys": may_see_keys,
        "work": _work(request, channel, now),
        "archive_url": _archived(request, channel),
        "aside_url": _archived(request, channel, "quarantined"),
    }
    return render(request, "channels/detail.html", context)


def _archived(request: HttpRequest, channel: Channel, state: str = "") -> str:
    """Where the messages of a channel are looked at; nowhere for those who may not."""
    if not request.user.has_perm("channels.view_inboundmessage"):
        return ""
    asked = {"channel": channel.slug, **({"state": state} if state else {})}
    return f"{reverse('archive:list')}?{urlencode(asked)}"


def _work(request: HttpRequest, channel: Channel, now: datetime) -> list[tuple[str, int, str]]:
    """What waits for somebody in this channel: what it is, how many orders, and where."""
    if not request.user.has_perm("orders.view_order"):
        return []
    of_it = urlencode({"channel": channel.slug})
    held = f"{reverse('orders:list')}?view=held&{of_it}&hold="
    behind = (_("Behind what it says"), f"{reverse('orders:channel-orders')}?{of_it}")
    unknown = (_("SKUs nobody knows"), f"{reverse('orders:unknown-skus')}?{of_it}")
    named = {"behind": behind, "unknown_sku": unknown}
    found = []
    for kind, count in selectors.work_of(channel, now=now).items():
        label, url = named.get(kind) or (hold_kind(kind).label, held + kind)
        found.append((label, count, url))
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
