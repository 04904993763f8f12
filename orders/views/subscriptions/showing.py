"""One subscription, with everything that is known of it; and beginning one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from oms.core.actors import Actor
from oms.core.errors import Refusal
from orders import selectors, services
from orders.forms_subscriptions import ContentForm, NewSubscriptionForm
from orders.letters_subscriptions import rhythm_words
from orders.states import SUBSCRIPTION, CycleStatus, OrderStatus
from orders.timeline import entries

NEW_LINES = 4


@login_required
@permission_required("orders.view_subscription", raise_exception=True)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show what comes, what comes next, what came, who pays, and the story."""
    page = selectors.subscription_page(number)
    if page is None:
        raise Http404(number)
    subscription = page.subscription
    may = request.user.has_perm("orders.manage_subscription")
    status = subscription.status
    failed = [
        cycle
        for cycle in page.past
        if cycle.status == CycleStatus.FAILED
        and cycle.order
        and cycle.order.status == OrderStatus.OPEN
    ]
    unpaid = [
        cycle
        for cycle in page.past
        if cycle.order
        and cycle.order.status == OrderStatus.OPEN
        and cycle.order.kept_amount < cycle.order.due_amount
    ]
    context = {
        "page": page,
        "subscription": subscription,
        "rhythm": rhythm_words(subscription.every, subscription.unit),
        "story": entries(page.story, page.letters),
        "page_url": selectors.subscription_url(subscription),
        "may_manage": may and subscription.is_living,
        "may_pause": may and SUBSCRIPTION.allows("pause", status),
        "may_resume": may and SUBSCRIPTION.allows("resume", status),
        "may_skip": may and page.may_skip,
        "may_unskip": may and page.skipped is not None,
        "may_cancel": may and SUBSCRIPTION.allows("cancel", status),
        "may_retry": may and status == "past_due" and bool(failed),
        "payable": (
            {cycle.pk for cycle in unpaid}
            if request.user.has_perm("orders.record_payment")
            else set()
        ),
    }
    return render(request, "orders/subscriptions/detail.html", context)


@login_required
@permission_required("orders.manage_subscription", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for customer, rhythm and lines, then begin the subscription."""
    data = request.POST or None
    form = NewSubscriptionForm(data, initial={"starts_on": timezone.localdate()})
    content = ContentForm(data, lines=[], more=NEW_LINES)
    status = 200
    if data is not None:
        status = 422
        valid, content_valid = form.is_valid(), content.is_valid()
        if valid and content_valid:
            try:
                begun = services.subscribe(
                    wanted=form.subscription(content.wanted),
                    channel=form.principal,
                    by=Actor.of(request.user),
                    at=timezone.now(),
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("{n} is begun.").format(n=begun.number))
                return redirect("orders:subscription", begun.number)
    context: dict[str, Any] = {"form": form, "content": content}
    return render(request, "orders/subscriptions/new.html", context, status=status)
