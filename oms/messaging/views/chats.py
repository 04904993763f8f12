"""The chat rooms of teams."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.messaging import selectors, services
from oms.messaging.forms import ChatForm

EDIT = "messaging.edit_letters"


@login_required
@permission_required(EDIT, raise_exception=True)
@require_GET
def chats(request: HttpRequest) -> HttpResponse:
    """Show which teams read their notices in a chat room, too."""
    return render(request, "messaging/chats.html", {"teams": selectors.teams_with_chats()})


@login_required
@permission_required(EDIT, raise_exception=True)
@require_http_methods(["GET", "POST"])
def chat(request: HttpRequest, role: str) -> HttpResponse:
    """Set the room of one team. The address is a secret of the chat, and shown to nobody again."""
    teams = dict(selectors.teams_with_chats())
    if role not in teams:
        raise Http404(role)
    now = teams[role]
    form = ChatForm(request.POST or None, initial={"level": now.level} if now else None)
    status = 200
    if form.is_valid():
        try:
            services.set_team_chat(
                role=role, **form.cleaned_data, by=Actor.of(request.user), at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error("url", str(refusal))
        else:
            words = (
                _("Notices of {team} are posted to its room.")
                if form.cleaned_data["url"]
                else _("Notices of {team} are no longer posted.")
            )
            messages.success(request, words.format(team=role))
            return redirect("messaging:chats")
    if form.errors:
        status = 422
    context = {"form": form, "role": role, "chat": now}
    return render(request, "messaging/chat.html", context, status=status)
