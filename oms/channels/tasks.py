"""What the queue may run for channels."""

from contextlib import closing
from datetime import timedelta
from functools import partial
from time import monotonic

from django.core.files.storage import default_storage
from django.utils import timezone

from oms.channels import services
from oms.channels.errors import TooManyRows
from oms.channels.models import FileImport
from oms.channels.rules.files import MOST_ROWS, Parts
from oms.channels.selectors.files import importer_of, reader_of
from oms.channels.services.filing import JOB
from oms.channels.states import FileState
from oms.core import stopping, tables
from oms.core.errors import Refusal
from oms.core.foreign import Format
from oms.core.jobs import ClaimedJob, JobKind, Record, exponential
from oms.core.routines import Routine

SLICE = 15
"""Seconds after which a file lets others have their turn."""

KEPT_AT_ONCE = 2_000


def purge() -> bool:
    more = services.purge_files(at=timezone.now())
    return services.purge_messages(at=timezone.now()) or more


PURGING = Routine(purge, every=timedelta(hours=1))


def work_on_file(job: ClaimedJob) -> Record | None:
    """Read a file, look at its rows, or bring them in: for a while, and from where it is."""
    end = monotonic() + SLICE
    file = FileImport.objects.filter(number=job.key).first()
    if file is None:
        return None
    if file.state == FileState.CHECKING and not file.is_read:
        try:
            _read(file)
        except Refusal as refusal:
            services.refuse_file(number=file.number, turn=file.turn, reason=str(refusal))
    while services.carry_on(number=job.key, at=timezone.now()):
        if monotonic() > end or stopping.asked():
            break
    return partial(services.ask_for_the_rest, number=job.key)


def _read(file: FileImport) -> None:
    """Keep the rows of a file, each with what it belongs to.

    Raises: BadTable, TooManyRows.
    """
    importer, told = importer_of(file.kind), Format(**file.told)
    most = MOST_ROWS if importer.at_once else importer.most_rows
    reader, parts = reader_of(file), Parts()
    some: list[tuple[int, int, list[str]]] = []
    keep = partial(services.keep_rows, number=file.number, turn=file.turn)
    with (
        default_storage.open(str(file.file)) as source,
        closing(tables.records(source, encoding=told.encoding, delimiter=told.delimiter)) as lines,
    ):
        next(lines, None)
        for count, (line, cells) in enumerate(lines, start=1):
            if count > most:
                raise TooManyRows(most=most)
            some.append((line, parts.of(reader.part_of(cells), line), cells))
            if len(some) == KEPT_AT_ONCE:
                if not keep(rows=some, is_last=False):
                    return
                some = []
    keep(rows=some, is_last=True)


def lay_down(job: ClaimedJob, reason: str) -> None:
    services.give_up(number=job.key, reason=reason, at=timezone.now())


FILE = JobKind(
    JOB,
    run=work_on_file,
    max_attempts=10,
    lease=timedelta(seconds=60),
    backoff=exponential(first=timedelta(seconds=2), longest=timedelta(minutes=2)),
    on_dead=lay_down,
)
