"""What a person is told: their inbox, behind the bell."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from oms.core.keyset import page_of
from oms.core.models import User
from oms.core.shell import for_colleagues
from oms.messaging import selectors, services
from oms.messaging.errors import NoticeNotFound


@login_required
@for_colleagues
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what one is told: what is new, or everything, newest first."""
    user = cast(User, request.user)
    unread = request.GET.get("show") != "all"
    copies = selectors.inbox_of(user, unread=unread)
    page = page_of(copies, cursor=request.GET.get("cursor", ""), keys=("id",))
    tabs = [
        {"label": _("Not read"), "url": "?", "count": None, "current": unread},
        {"label": _("All"), "url": "?show=all", "count": None, "current": not unread},
    ]
    context = {"page": page, "tabs": tabs, "unread": unread}
    return render(request, "messaging/inbox.html", context)


@login_required
@for_colleagues
@require_POST
def read(request: HttpRequest, copy: int) -> HttpResponse:
    """Put a notice down as read; `open` also goes where it leads."""
    try:
        url = services.read_notice(copy=copy, user=request.user.get_username(), at=timezone.now())
    except NoticeNotFound as missing:
        raise Http404(str(missing)) from missing
    return redirect(url if url and "open" in request.POST else "messaging:inbox")


@login_required
@for_colleagues
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Put everything down as read."""
    count = services.read_all_notices(user=request.user.get_username(), at=timezone.now())
    messages.success(
        request, ngettext("{n} notice is read.", "{n} notices are read.", count).format(n=count)
    )
    return redirect("messaging:inbox")
