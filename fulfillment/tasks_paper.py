"""What the queue may run: drawing papers in batches, a part at a time, each part once."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from time import monotonic

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from fulfillment import services
from fulfillment.letters import SLIP_STYLESHEETS, SLIPS_TOGETHER
from fulfillment.models import PrintPart, PrintRun
from fulfillment.paper import pages_of
from fulfillment.services.printing import JOB
from fulfillment.states import PrintState
from oms.core import pdf, stopping
from oms.core.errors import Refusal
from oms.core.jobs import ClaimedJob, JobKind, Record, exponential
from oms.core.routines import Routine

SLICE = 30
"""Seconds after which papers let other work have its turn."""

SECONDS_PER_SLIP = 10
GONE = "Nothing is left to do."


def make_papers(job: ClaimedJob) -> Record | None:
    """Draw what is missing of a run for a while: a child draws, and each part is kept at once."""
    run = PrintRun.objects.filter(number=job.key).first()
    if run is None:
        return None
    asked: list[tuple[PrintPart, list[str]]] = []
    drawn = pdf.render_together(
        _documents(run, asked),
        stylesheets=SLIP_STYLESHEETS,
        together=SLIPS_TOGETHER,
        seconds=SECONDS_PER_SLIP,
    )
    for made in drawn:
        part, owners = asked.pop()
        failed = {owners[at]: reason for at, reason in made.failed.items()}
        missing = {number: GONE for number in part.documents if number not in owners}
        _keep(run, part, made.pdf, {**missing, **failed})
    return partial(services.ask_for_the_rest, number=job.key)


def _documents(run: PrintRun, asked: list[tuple[PrintPart, list[str]]]) -> Iterator[list[str]]:
    """Yield the pages of each part that is missing, as long as the run goes on and time lasts."""
    end = monotonic() + SLICE
    for part in PrintPart.objects.filter(run=run, made_at=None).order_by("nth"):
        goes_on = PrintRun.objects.filter(pk=run.pk, state=PrintState.DRAWING).exists()
        if not goes_on or monotonic() > end or stopping.asked():
            return
        pages = pages_of(run.kind, part.documents)
        in_order = [(number, page) for number in part.documents for page in pages.get(number, ())]
        asked.append((part, [number for number, _ in in_order]))
        yield [page for _, page in in_order]


def _keep(run: PrintRun, part: PrintPart, drawn: bytes, failed: dict[str, str]) -> None:
    """Keep a part under a name that is its own: what a worker that died left there is replaced."""
    name = ""
    if drawn:
        place = f"papers/{run.asked_at:%Y/%m}/{run.number}-{part.nth}.pdf"
        default_storage.delete(place)
        name = default_storage.save(place, ContentFile(drawn))
    is_first = services.keep_part(
        number=run.number, nth=part.nth, file=name, failed=failed, at=timezone.now()
    )
    kept = PrintPart.objects.values_list("file", flat=True).get(pk=part.pk)
    if name and not is_first and name != kept:
        default_storage.delete(name)


def lay_down(job: ClaimedJob, reason: str) -> None:
    """A run that cannot go on is stopped, and says why; somebody may resume it."""
    try:
        services.stop_paper(number=job.key, problem=reason, at=timezone.now())
    except Refusal:
        return  # it is over, or stopped, already


PAPER = JobKind(
    JOB,
    run=make_papers,
    max_attempts=8,
    lease=timedelta(seconds=75),
    backoff=exponential(first=timedelta(seconds=2), longest=timedelta(minutes=2)),
    on_dead=lay_down,
)


def purge() -> bool:
    return services.purge_papers(at=timezone.now())


PURGING = Routine(purge, every=timedelta(hours=1))
