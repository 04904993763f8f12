from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Q

from fulfillment.errors_waves import NothingToPrint, PaperNotReady, PrintRunNotFound, TooMuchPaper
from fulfillment.models import FulfillmentOrder, PrintPart, PrintRun, Wave
from fulfillment.states import PRINT_RUN, PaperKind, PrintState
from inventory.errors import LocationNotFound
from inventory.models import Location
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.jobs import AT_ONCE, ask_anew, ask_for
from oms.core.locking import lock, lock_one
from oms.core.numbers import gapless_number
from oms.core.services import service

JOB = "paper"
MOST_DOCUMENTS = 1_000
DOCUMENTS_OF_A_PART = 50
LINES_OF_A_PART = 600
"""What is drawn into one PDF is in memory at once."""

PURGED_AT_ONCE = 20


@service
def request_paper(
    *,
    kind: PaperKind,
    location: str,
    numbers: Sequence[str],
    wave: str = "",
    by: Actor,
    at: datetime,
) -> PrintRun:
    """Have papers made together: for work of a location, or for waves, by number.

    They are made part by part in the background, as things stand then, in the order named.

    Raises: LocationNotFound, NothingToPrint, TooMuchPaper.
    Locks: NumberSeries.
    """
    place = Location.objects.filter(code=location).first()
    if place is None:
        raise LocationNotFound(location=location)
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > MOST_DOCUMENTS:
        raise TooMuchPaper(documents=len(wanted), most=MOST_DOCUMENTS)
    lines = _lines_of(kind, place, wanted)
    documents = [number for number in wanted if number in lines]
    if not documents:
        raise NothingToPrint(location=location)

    run = PrintRun(
        number=gapless_number("PR"),
        kind=kind,
        location_id=place.pk,
        wave_id=Wave.objects.values_list("pk", flat=True).filter(number=wave).first(),
        total=len(documents),
        asked_by=str(by),
        asked_at=at,
    )
    record(run)
    parts = enumerate(_parts((number, lines[number]) for number in documents), start=1)
    record(*(PrintPart(run_id=run.pk, nth=nth, documents=part) for nth, part in parts))
    ask_for(JOB, due={run.number: AT_ONCE})
    return run


def _lines_of(kind: PaperKind, place: Location, numbers: Sequence[str]) -> dict[str, int]:
    """How long each document will be; what is not of this location is left out."""
    if kind == PaperKind.WALKS:
        waves = Wave.objects.filter(number__in=numbers, location=place)
        return dict(waves.annotate(n=Count("orders__lines")).values_list("number", "n"))
    works = FulfillmentOrder.objects.filter(number__in=numbers, location=place)
    counted = works.annotate(n=Count("lines", filter=Q(lines__quantity__gt=0)))
    return dict(counted.values_list("number", "n"))


def _parts(documents: Iterable[tuple[str, int]]) -> list[list[str]]:
    parts: list[list[str]] = []
    room = 0
    for number, lines in documents:
        if not parts or len(parts[-1]) == DOCUMENTS_OF_A_PART or lines > room:
            parts.append([])
            room = LINES_OF_A_PART
        parts[-1].append(number)
        room -= lines
    return parts


@service
def keep_part(*, number: str, nth: int, file: str, failed: Mapping[str, str], at: datetime) -> bool:
    """Keep the PDF of a part (no `file`: nothing could be drawn); return whether it was the first.

    A run that was stopped meanwhile keeps what is made.

    Raises: PrintRunNotFound.
    Locks: PrintRun.
    """
    run = _locked(number)
    part = PrintPart.objects.get(run=run, nth=nth)
    if part.made_at:
        return False
    part.file.name, part.failed, part.made_at = file, dict(failed), at
    part.save(update_fields=["file", "failed", "made_at"])
    run.done += len(part.documents)
    if run.done == run.total and run.state == PrintState.DRAWING:
        run.state, run.over_at = PRINT_RUN.after("finish", run.state), at
    run.save(update_fields=["done", "state", "over_at"])
    return True


@service
def stop_paper(*, number: str, problem: str = "", at: datetime) -> PrintRun:
    """Make no further part; those that are made can be printed.

    Raises: PrintRunNotFound, TransitionNotAllowed.
    Locks: PrintRun.
    """
    run = _locked(number)
    run.state = PRINT_RUN.after("stop", run.state)
    run.problem, run.over_at = problem[:500], at
    run.save(update_fields=["state", "problem", "over_at"])
    return run


@service
def resume_paper(*, number: str, at: datetime) -> PrintRun:
    """Make the parts that are missing.

    Raises: PrintRunNotFound, TransitionNotAllowed.
    Locks: PrintRun.
    """
    run = _locked(number)
    run.state = PRINT_RUN.after("resume", run.state)
    run.problem, run.over_at = "", None
    if run.done == run.total:
        run.state, run.over_at = PRINT_RUN.after("finish", run.state), at
    run.save(update_fields=["state", "problem", "over_at"])
    ask_anew(JOB, keys=[number])
    return run


@service
def ask_for_the_rest(*, number: str) -> None:
    """Have a job for what is missing of a run, if it goes on."""
    if PrintRun.objects.filter(number=number, state=PrintState.DRAWING).exists():
        ask_for(JOB, due={number: AT_ONCE})


@service
def note_print(*, number: str, nth: int, by: Actor, at: datetime) -> PrintPart:
    """Count that a part goes to the printer; from the second time on it is a reprint.

    Raises: PrintRunNotFound, PaperNotReady.
    Locks: PrintRun.
    """
    run = _locked(number)
    part = PrintPart.objects.filter(run=run, nth=nth).first()
    if part is None or not part.file:
        raise PaperNotReady(number=number, nth=nth)
    part.printed += 1
    part.printed_by, part.printed_at = str(by), at
    part.save(update_fields=["printed", "printed_by", "printed_at"])
    return part


@service
def purge_papers(*, at: datetime, limit: int = PURGED_AT_ONCE) -> bool:
    """Forget the files of runs that were over long ago, some of them; return whether there may be
    more. What was in them, and how often it was printed, stays.

    Raises: nothing.
    Locks: PrintRun.
    """
    before = at - timedelta(days=settings.PAPERS_KEPT_DAYS)
    parts = PrintPart.objects.exclude(file="")
    keys = parts.filter(run__over_at__lt=before).values_list("run", flat=True).distinct()[:limit]
    runs = lock(PrintRun.objects.filter(pk__in=list(keys), over_at__lt=before))
    for part in parts.filter(run__in=runs):
        transaction.on_commit(partial(default_storage.delete, str(part.file)))
    parts.filter(run__in=runs).update(file="")
    return len(runs) == limit


def _locked(number: str) -> PrintRun:
    """Raises: PrintRunNotFound."""
    found = PrintRun.objects.filter(number=number)
    return lock_one(found, missing=PrintRunNotFound(number=number))
