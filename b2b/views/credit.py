"""What finance does to an order that its company's limit holds."""

from dataclasses import replace
from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from b2b import forms, selectors, services
from b2b.views.acting import BOTH, Act, perform
from oms.core.display import money_text
from oms.core.models import User
from oms.core.money import ZERO
from oms.core.said import posted


@login_required
@permission_required("b2b.release_credithold", raise_exception=True)
@require_http_methods(BOTH)
def release_credit(request: HttpRequest, number: str) -> HttpResponse:
    """Let an order go on although it does not fit under the limit."""
    held = selectors.held_order(cast(User, request.user), number)
    if held is None:
        raise Http404
    account = held.credit
    room = account.room_amount
    act = Act(
        title=_("Release {n} from its credit hold").format(n=number),
        button=_("Release the order"),
        back=reverse("b2b:credit-holds"),
        done=_("{n} goes on.").format(n=number),
        effects=[
            ("i-company", _("Company"), held.company.name),
            (
                "i-money",
                _("Credit left"),
                _("no limit") if room is None else money_text(room, account.currency),
            ),
            ("i-orders", _("This order"), money_text(held.order.due_amount, account.currency)),
            ("i-stock", _("Stock"), _("Goes to the order as far as there is some")),
        ],
    )
    over = ZERO if room is None else held.order.due_amount - room
    if over > ZERO:
        words = _("{amount} more than its limit").format(amount=money_text(over, account.currency))
        act = replace(act, effects=[*act.effects, ("i-money", _("It then owes"), words)])
    form = forms.ReasonForm(posted(request))
    return perform(request, act, form, services.release_credit_hold, order=number)
