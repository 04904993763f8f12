"""What channels sent: kept, read, and processed again."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from oms.channels import services
from oms.channels.models import Channel, InboundMessage
from oms.channels.rules.showing import shown
from oms.channels.selectors.messages import message_list, message_with_body, quarantined_count
from oms.channels.states import INBOUND, InboundState
from oms.core.actors import Actor
from oms.core.errors import Missing, Refusal
from oms.core.keyset import page_of
from orders.forms_messages import MessageFilterForm
from orders.selectors.archive import orders_led_to, orders_to_fetch, reading_of
from orders.services import fetching
from orders.telling_messages import told

VIEW, REPROCESS = "channels.view_inboundmessage", "channels.reprocess_inboundmessage"
KEYS = ("received_at", "id")


@login_required
@permission_required(VIEW, raise_exception=True)
@require_GET
def archive(request: HttpRequest) -> HttpResponse:
    """Show messages, newest first, narrowed by channel, topic, state, day and order."""
    channels = list(Channel.objects.order_by("name").values_list("slug", "name"))
    form = MessageFilterForm(request.GET, channels=channels)
    narrowed = form.narrowed()
    page = page_of(message_list(**narrowed), cursor=request.GET.get("cursor", ""), keys=KEYS)
    numbers = orders_led_to(page)
    is_aside = narrowed.get("state") == InboundState.QUARANTINED
    aside = 0
    if is_aside and "channel" in narrowed:
        aside = quarantined_count(channel=narrowed["channel"], topic=narrowed.get("topic", ""))
    context = {
        "rows": [(row, _spoken(row, numbers)) for row in page],
        "page": page,
        "form": form,
        "said": {**form.data.dict(), **narrowed},  # type: ignore[attr-defined]
        "is_narrowed": bool(narrowed),
        "channel": dict(channels).get(narrowed.get("channel", "")),
        "aside": aside,
        "tabs": _tabs(narrowed.get("state", "")),
    }
    return render(request, "orders/archive.html", context)


def _tabs(state: str) -> list[dict[str, Any]]:
    every = [("", _("All")), *InboundState.choices]
    return [
        {
            "label": label,
            "url": f"?state={value}" if value else "?",
            "count": None,
            "current": value == state,
        }
        for value, label in every
    ]


def _spoken(message: InboundMessage, numbers: dict[tuple[int, str], str]) -> list[tuple[str, str]]:
    """The orders a message spoke of, by the channel's id, each with the number of ours."""
    return [(order, numbers.get((message.channel_id, order), "")) for order in message.orders]


@login_required
@permission_required(VIEW, raise_exception=True)
@require_GET
def message(request: HttpRequest, number: str) -> HttpResponse:
    """Show one message: its bytes, what was read from them, and what they led to."""
    row = _message(number)
    read = None if row.purged_at else reading_of(row)
    context = {
        "message": row,
        "body": shown(bytes(row.body)) if not row.purged_at else None,
        "read": told(read) if read else [],
        "ignored": read.ignored if read else "",
        "orders": _spoken(row, orders_led_to([row])),
        "kept_days": settings.MESSAGES_KEPT_DAYS,
        "may_fetch": request.user.has_perm(REPROCESS) and bool(orders_to_fetch(row)),
        "may_process": request.user.has_perm(REPROCESS)
        and not row.purged_at
        and INBOUND.allows("reprocess", row.state),
    }
    return render(request, "orders/archived.html", context)


@login_required
@permission_required(REPROCESS, raise_exception=True)
@require_POST
def process(request: HttpRequest, number: str) -> HttpResponse:
    """Process one message again."""
    try:
        services.reprocess_message(number=number, by=Actor.of(request.user), at=timezone.now())
    except Missing as missing:
        raise Http404(str(missing)) from missing
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("{number} is processed again.").format(number=number))
    return redirect("archive:message", number)


@login_required
@permission_required(REPROCESS, raise_exception=True)
@require_POST
def fetch(request: HttpRequest, number: str) -> HttpResponse:
    """Have the orders that a message spoke of fetched anew from their channel."""
    row = _message(number)
    orders = orders_to_fetch(row)
    if orders:
        fetching.fetch_orders(channel=row.channel.slug, orders=orders)
        said = ngettext("{n} order is fetched again.", "{n} orders are fetched again.", len(orders))
        messages.success(request, said.format(n=len(orders)))
    else:
        messages.error(request, _("There is nothing to fetch: the channel is not connected."))
    return redirect("archive:message", number)


@login_required
@permission_required(REPROCESS, raise_exception=True)
@require_POST
def process_all(request: HttpRequest) -> HttpResponse:
    """Process again all that is quarantined of a channel, or of one topic of it."""
    said = {name: request.POST.get(name, "").replace("\0", "") for name in ("channel", "topic")}
    count = services.reprocess_quarantined(**said, by=Actor.of(request.user), at=timezone.now())
    text = ngettext("{n} message is processed again.", "{n} messages are processed again.", count)
    messages.success(request, text.format(n=count))
    left = {name: value for name, value in said.items() if value}
    return redirect(f"{reverse('archive:list')}?{urlencode(left)}")


def _message(number: str) -> InboundMessage:
    found = message_with_body(number) if number.isprintable() else None
    if found is None:
        raise Http404(number)
    return found
