"""Everything that was said: what went out, what waits, what was given up, and sending it again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from oms.core.actors import Actor
from oms.core.errors import Missing, Refusal
from oms.core.keyset import page_of
from oms.core.models import Job
from oms.messaging import selectors, services
from oms.messaging.letters import kind_written_by, letter_kinds
from oms.messaging.models import Message
from oms.messaging.states import Medium
from oms.messaging.views.framing import framed, with_frame

VIEW = "messaging.view_message"
TABS = {
    "sent": gettext_lazy("Sent"),
    Job.State.WAITING.value: gettext_lazy("Waiting"),
    Job.State.DEAD.value: gettext_lazy("Given up"),
    Job.State.SKIPPED.value: gettext_lazy("Skipped"),
}


@login_required
@permission_required(VIEW, raise_exception=True)
@require_GET
def message_list(request: HttpRequest) -> HttpResponse:
    """Show messages, newest first: those that went, or those that have not."""
    show = request.GET.get("show", "sent")
    show = show if show in TABS else "sent"
    cursor = request.GET.get("cursor", "")
    narrowed = {
        "medium": request.GET.get("medium", ""),
        "letter": request.GET.get("letter", ""),
        "search": request.GET.get("search", "").strip()[:254],
    }
    context: dict[str, Any] = {
        **narrowed,
        "show": show,
        "media": Medium.choices,
        "kinds": [(kind.path, kind.name) for kind in letter_kinds().values()],
        "tabs": [
            {
                "label": label,
                "url": "?" if name == "sent" else f"?show={name}",
                "count": None,
                "current": name == show,
            }
            for name, label in TABS.items()
        ],
    }
    if show == "sent":
        page = page_of(selectors.message_list(**narrowed), cursor=cursor, keys=("id",))
        context["rows"] = [(message, letter_name(message.letter)) for message in page]
    else:
        jobs = page_of(selectors.unsent_jobs(show), cursor=cursor, keys=("id",))
        context["rows"] = [(job, *_told(job)) for job in jobs]
        page = jobs  # type: ignore[assignment]
    context["page"] = page
    return render(request, "messaging/messages.html", context)


def letter_name(path: str) -> str:
    """Name a letter as staff know it, by the function that writes it."""
    kind = kind_written_by(path)
    if kind:
        return str(kind.name)
    if path == "notice":
        return _("Notice to a team")
    if path.endswith(".again"):
        return _("Sent again")
    if path.endswith(".trial"):
        return _("Test of a letter")
    return path.rpartition(".")[2].replace("_", " ").capitalize()


def _told(job: Job) -> tuple[str, str, str]:
    """What a job that has not gone yet will say, about which document, and its state."""
    path = job.payload.get("letter", "notice")
    arguments = job.payload.get("arguments", {})
    about = arguments.get("order") or arguments.get("number") or job.payload.get("team", "")
    state = "retrying" if job.state == Job.State.WAITING and job.attempts else job.state
    return letter_name(path), str(about), state


@login_required
@permission_required(VIEW, raise_exception=True)
@with_frame
@require_GET
def message(request: HttpRequest, message: int) -> HttpResponse:
    """Show one message as it went."""
    sent = _message(message)
    kind = kind_written_by(sent.letter)
    context = {"message": sent, "letter_name": letter_name(sent.letter), "kind": kind}
    return render(request, "messaging/message.html", context)


@login_required
@permission_required(VIEW, raise_exception=True)
@framed
@require_GET
def as_sent(request: HttpRequest, message: int) -> HttpResponse:
    """Serve a letter as mail programs show it."""
    return HttpResponse(_message(message).html)


@login_required
@permission_required("messaging.resend_message", raise_exception=True)
@require_POST
def resend(request: HttpRequest, message: int) -> HttpResponse:
    """Send a message once more, word for word."""
    try:
        services.resend_message(message=message, by=Actor.of(request.user), at=timezone.now())
    except Missing as missing:
        raise Http404(str(missing)) from missing
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It goes out once more."))
    return redirect("messaging:message", message)


def _message(pk: int) -> Message:
    found = Message.objects.filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found
