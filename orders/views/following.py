"""What our orders could not follow of what their channels say, and what is not known yet."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oms.catalog.models import Sku
from oms.catalog.selectors import skus_like
from oms.channels.naming import channel_name
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from orders import services
from orders.models import Order
from orders.selectors.following import (
    MOST_UNKNOWN,
    channel_orders_behind,
    channel_skus,
    unknown_skus,
)

FOLLOW = "orders.follow_channelorder"
MOST_FOUND = 12
MOST_GUESSES, SHORTEST_WORD = 3, 3
KEYS = ("first_heard_at", "id")


def _said(values: Any, *names: str) -> dict[str, str]:
    return {name: str(values.get(name, "")).replace("\0", "")[:200].strip() for name in names}


@login_required
@permission_required("orders.view_order", raise_exception=True)
@require_GET
def unknown(request: HttpRequest) -> HttpResponse:
    """Show what channels sell that no SKU of ours is known for."""
    said = _said(request.GET, "channel")
    rows = unknown_skus(channel=said["channel"])
    context = {
        "rows": rows,
        "is_cut": len(rows) == MOST_UNKNOWN,
        "channel": said["channel"] and channel_name(said["channel"]),
        "may_match": request.user.has_perm(FOLLOW),
    }
    return render(request, "orders/unknown_skus.html", context)


@login_required
@permission_required(FOLLOW, raise_exception=True)
@require_http_methods(["GET", "POST"])
def match(request: HttpRequest) -> HttpResponse:
    """Say which SKU of ours something is: searched for, chosen, kept."""
    said = _said(
        request.POST if request.method == "POST" else request.GET,
        "channel",
        "listing",
        "code",
        "order",
        "line",
        "q",
        "sku",
    )
    problem = ""
    if request.method == "POST":
        problem = _matched(request, said)
        if not problem:
            return redirect("orders:unknown-skus")
    found = [
        row
        for row in unknown_skus(channel=said["channel"])
        if (row.channel, row.listing, row.code) == (said["channel"], said["listing"], said["code"])
        and (not said["line"] or (row.oldest, str(row.line)) == (said["order"], said["line"]))
    ]
    row = found[0] if found else None
    asked = said["q"] or (row.code if row else said["code"])
    words, hits = asked, _hits(asked)
    for guess in _guesses(row.name) if row and not said["q"] else ():
        if not hits:
            words, hits = guess, _hits(guess)
    context = {
        "said": said,
        "row": row,
        "words": words,
        "hits": hits,
        "only": hits[0].code if len(hits) == 1 and words == asked else "",
        "problem": problem,
    }
    return render(request, "orders/match_sku.html", context, status=400 if problem else 200)


def _guesses(name: str) -> list[str]:
    """What to look for where nobody has searched yet: the channel's name of it, then its longest
    words."""
    found = {word for word in re.split(r"\W+", name) if len(word) > SHORTEST_WORD}
    return [name, *sorted(found, key=len, reverse=True)[:MOST_GUESSES]]


def _hits(words: str) -> list[Sku]:
    return list(skus_like(words)[:MOST_FOUND]) if words else []


def _matched(request: HttpRequest, said: dict[str, str]) -> str:
    """Match what was said; return what is wrong with it."""
    by, now = Actor.of(request.user), timezone.now()
    if not said["sku"]:
        return _("Choose a SKU.")
    try:
        if said["line"].isdecimal():
            services.match_line(
                number=said["order"], line=int(said["line"][:5]), sku=said["sku"], by=by, at=now
            )
            messages.success(request, _("{n} goes on.").format(n=said["order"]))
            return ""
        done = services.match_sku(
            channel=said["channel"],
            sku=said["sku"],
            listing=said["listing"],
            code="" if said["listing"] else said["code"],
            by=by,
            at=now,
        )
    except Refusal as refusal:
        return str(refusal)
    text = ngettext("{n} line is {sku} now.", "{n} lines are {sku} now.", done.lines)
    messages.success(request, text.format(n=done.lines, sku=said["sku"]))
    return ""


@login_required
@permission_required("orders.view_order", raise_exception=True)
@require_GET
def kept_skus(request: HttpRequest) -> HttpResponse:
    """Show what channels call our SKUs."""
    said = _said(request.GET, "channel", "q")
    found = channel_skus(channel=said["channel"], begins=said["q"])
    page = page_of(found, cursor=request.GET.get("cursor", ""), keys=("kept_at", "id"))
    context = {"page": page, "said": said, "may_match": request.user.has_perm(FOLLOW)}
    return render(request, "orders/channel_skus.html", context)


@login_required
@permission_required(FOLLOW, raise_exception=True)
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Forget what a channel calls a SKU."""
    said = _said(request.POST, "channel", "listing", "code")
    if services.forget_match(**said, by=Actor.of(request.user)):
        messages.success(request, _("Forgotten. Lines that were matched stay as they are."))
    return redirect("orders:channel-skus")


@login_required
@permission_required("orders.view_order", raise_exception=True)
@require_GET
def behind(request: HttpRequest) -> HttpResponse:
    """Show orders that are behind their channel, or wait for what never came."""
    said = _said(request.GET, "state", "channel")
    page = page_of(
        channel_orders_behind(state=said["state"], channel=said["channel"]),
        cursor=request.GET.get("cursor", ""),
        keys=KEYS,
        descending=False,
    )
    of_it = {"channel": said["channel"]} if said["channel"] else {}
    tabs = [
        {"label": label, "url": f"?{urlencode({**of_it, 'state': value})}", "count": None,
         "current": value == said["state"]}
        for value, label in (("", _("All")), ("behind", _("Behind")), ("waiting", _("Waiting")))
    ]  # fmt: skip
    again = {"label": _("Came again"), "url": reverse("orders:repeats"), "count": None}
    tabs.append({**again, "current": False})
    context = {
        "page": page,
        "tabs": tabs,
        "channel": said["channel"] and channel_name(said["channel"]),
        "state": said["state"],
        "back": urlencode({name: value for name, value in said.items() if value}),
        "may_settle": request.user.has_perm(FOLLOW),
    }
    return render(request, "orders/channel_orders.html", context)


@login_required
@permission_required(FOLLOW, raise_exception=True)
@require_POST
def settle(request: HttpRequest, verb: str) -> HttpResponse:
    """Try once more to follow a channel, or leave our order as it is."""
    said = _said(request.POST, "channel", "external_id", "key")
    try:
        if verb == "try":
            kept = services.follow(channel=said["channel"], external_id=said["external_id"])
            if kept.problems:
                messages.error(request, " ".join(each["says"] for each in kept.problems))
            else:
                messages.success(request, _("{n} is in step.").format(n=kept))
        else:
            kept = services.accept_difference(**said, by=Actor.of(request.user))
            messages.success(request, _("{n} stays as it is here.").format(n=kept))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    number = request.POST.get("order", "")
    if Order.objects.filter(number=number).exists():
        return redirect("orders:detail", number)
    return redirect(f"{reverse('orders:channel-orders')}?{_said(request.POST, 'back')['back']}")
