"""What goes back for a return: shown first, then done."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from oms.core.actors import Actor
from oms.core.display import money_text
from oms.core.errors import Refusal
from oms.core.said import posted, whole_number
from orders import services as orders
from orders.models import Refund
from returns import selectors, services
from returns.forms import SettleForm
from returns.states import RETURN
from returns.views.showing import find_or_404


@login_required
@permission_required("returns.settle_returnauthorization", raise_exception=True)
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """Propose what was paid for the units, show what would happen, then settle."""
    document = find_or_404(request, number)
    found = selectors.return_page(document)
    form = SettleForm(posted(request), proposal=found.proposal)
    page = "returns/settle.html"
    status = 422 if form.is_bound else 200
    if form.is_valid():
        page, status = "returns/settle_confirm.html", 200
        if request.POST.get("step") == "confirm":
            try:
                _settle(request, number, form)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                page, status = "returns/settle.html", 409
            else:
                return redirect("returns:detail", number)
    context = {
        "document": document,
        "order": document.order,
        "found": found,
        "form": form,
        "may_settle": RETURN.allows("settle", document.status),
        "total": form.total if page.endswith("confirm.html") else found.proposal.total,
        "by_hand": all(each.gateway == "manual" for each in found.payments),
    }
    return render(request, page, context, status=status)


def _settle(request: HttpRequest, number: str, form: SettleForm) -> None:
    settled = services.settle_return(
        number=number,
        amounts=form.amounts,
        expected_amount=form.total,
        expected_version=whole_number(request.POST.get("version", "")),
        by=Actor.of(request.user),
        at=timezone.now(),
    )
    if settled.refund_amount:
        amount = money_text(settled.refund_amount, form.proposal.currency)
        messages.success(request, _("{amount} goes back to the customer.").format(amount=amount))
    else:
        messages.success(request, _("{number} is settled without a refund.").format(number=number))


@login_required
@permission_required("orders.refund_order", raise_exception=True)
@require_POST
def refund_again(request: HttpRequest, number: str, refund: str) -> HttpResponse:
    """Grant once more what the gateway declined."""
    find_or_404(request, number)
    if not Refund.objects.filter(number=refund, reference=number).exists():
        raise Http404(refund)
    try:
        orders.grant_again(number=refund, by=Actor.of(request.user), at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is granted again, and on its way."))
    return redirect("returns:detail", number)
