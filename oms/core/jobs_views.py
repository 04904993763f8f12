"""Work outside the database that is stuck or waiting: what staff may do about it."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from oms.core import settling
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.core.models import Job

STATES = {
    Job.State.DEAD: gettext_lazy("Given up"),
    Job.State.WAITING: gettext_lazy("Waiting"),
    Job.State.SKIPPED: gettext_lazy("Skipped"),
}
VERBS = {"retry": settling.retry, "skip": settling.skip}


@login_required
@permission_required("core.settle_job", raise_exception=True)
@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """Show jobs by state, the newest first, with what may be done with each."""
    state = request.GET.get("state", Job.State.DEAD)
    if state not in STATES:
        state = Job.State.DEAD
    page = page_of(
        Job.objects.filter(state=state), cursor=request.GET.get("cursor", ""), keys=("id",)
    )
    tabs = [
        {"label": label, "url": f"?state={name}", "count": None, "current": name == state}
        for name, label in STATES.items()
    ]
    rows = [(job, settling.JOB.verbs(job.state), *_words(job)) for job in page.rows]
    context = {"rows": rows, "page": page, "tabs": tabs, "state": state}
    return render(request, "core/jobs.html", context)


def _words(job: Job) -> tuple[str, str]:
    """A job's kind and key as words: `order_shipped:SH-7:2026…` is "Order shipped, SH-7"."""
    about, *subjects = re.split(r"[:@]", job.key)
    named = [each for each in subjects if not re.fullmatch(r"\d{8}T?\d{4,}", each)]
    if "_" in about or about.islower():
        about = _sentence(about)
    return _sentence(job.kind), ", ".join([about, *named])


def _sentence(name: str) -> str:
    return name.replace("_", " ").capitalize()


@login_required
@permission_required("core.settle_job", raise_exception=True)
@require_POST
def settle(request: HttpRequest, job_id: int, verb: str) -> HttpResponse:
    """Retry or skip one job."""
    try:
        VERBS[verb](job_id, Actor.of(request.user))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        done = {"retry": _("It is tried again now."), "skip": _("It will not be done.")}
        messages.success(request, done[verb])
    return redirect("core:jobs")
