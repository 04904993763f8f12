"""Orders that came again with other content: what differs, and what becomes of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from orders import services
from orders.selectors.following import open_repeats
from orders.words_repeats import field_in_words


@login_required
@permission_required("orders.view_order", raise_exception=True)
@require_GET
def repeats(request: HttpRequest) -> HttpResponse:
    """Show orders that came again with other content, what waits longest first."""
    page = page_of(
        open_repeats(),
        cursor=request.GET.get("cursor", ""),
        keys=("came_at", "id"),
        descending=False,
    )
    for repeat in page:
        repeat.told = [
            {**each, "words": field_in_words(each["field"])} for each in repeat.differences
        ]
    context = {"page": page, "may_settle": request.user.has_perm("orders.change_order")}
    return render(request, "orders/repeats.html", context)


@login_required
@permission_required("orders.change_order", raise_exception=True)
@require_POST
def settle(request: HttpRequest, verb: str) -> HttpResponse:
    """Show what treating it as an edit would do, or leave our order as it is."""
    order = request.POST.get("order", "").replace("\0", "")[:40]
    digest = request.POST.get("digest", "").replace("\0", "")[:16]
    by, at = Actor.of(request.user), timezone.now()
    try:
        if verb == "edit":
            change = services.treat_as_edit(order=order, digest=digest, by=by, at=at)
            return redirect("orders:change-preview", order, change.number)
        services.leave_repeat(order=order, digest=digest, by=by, at=at)
        messages.success(request, _("{n} stays as it is.").format(n=order))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("orders:repeats")
