"""Webhooks as staff see them: endpoints and how they fare, and the log of each."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from oms.core.keyset import page_of
from oms.messaging import selectors
from oms.messaging.models import WebhookEndpoint
from oms.messaging.states import DELIVERY, DeliveryState


@login_required
@permission_required("messaging.view_webhookendpoint", raise_exception=True)
@require_GET
def endpoint_list(request: HttpRequest) -> HttpResponse:
    """Show every endpoint with how it fares."""
    page = page_of(selectors.endpoint_list(), cursor=request.GET.get("cursor", ""), keys=("id",))
    context = {"rows": selectors.health_of(page.rows), "page": page}
    return render(request, "messaging/webhooks.html", context)


@login_required
@permission_required("messaging.view_webhookendpoint", raise_exception=True)
@require_GET
def detail(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Show one endpoint and its log, the newest first."""
    row = find_or_404(endpoint)
    health = selectors.health_of([row])[0]
    state = request.GET.get("state", "")
    if state not in DeliveryState.values:
        state = ""
    log = selectors.delivery_log(row, state=state)
    page = page_of(log, cursor=request.GET.get("cursor", ""), keys=("id",))
    tabs = [
        {"label": label, "url": f"?state={name}", "count": count, "current": name == state}
        for name, label, count in (
            ("", _("All"), None),
            (DeliveryState.WAITING, DeliveryState.WAITING.label, health.waiting),
            (DeliveryState.FAILED, DeliveryState.FAILED.label, health.failed),
            (DeliveryState.DELIVERED, DeliveryState.DELIVERED.label, None),
        )
    ]
    context = {
        "endpoint": row,
        "health": health,
        "rows": [(each, "replay" in DELIVERY.verbs(each.state)) for each in page.rows],
        "page": page,
        "tabs": tabs,
        "state": state,
    }
    return render(request, "messaging/webhook.html", context)


@login_required
@permission_required("messaging.view_webhookendpoint", raise_exception=True)
@require_GET
def delivery(request: HttpRequest, endpoint: str, delivery: int) -> HttpResponse:
    """Show one delivery: what is sent, and each try."""
    row = find_or_404(endpoint)
    found = selectors.delivery_log(row).filter(pk=delivery).select_related("event__event").first()
    if found is None:
        raise Http404(delivery)
    context = {
        "endpoint": row,
        "delivery": found,
        "attempts": selectors.attempts_of(found),
        "message": selectors.message_of(found),
        "may_replay": "replay" in DELIVERY.verbs(found.state),
    }
    return render(request, "messaging/webhook_delivery.html", context)


def find_or_404(endpoint: str) -> WebhookEndpoint:
    row = selectors.endpoint_list().filter(public_id=endpoint).first()
    if row is None:
        raise Http404(endpoint)
    return row
