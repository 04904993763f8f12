"""Bringing in a file, a part at a time: each in a transaction of its own, each once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from oms.channels.errors import FileNotFound
from oms.channels.events import FileBroughtIn, FileStopped
from oms.channels.models import FileImport, FileProblem, FileRow
from oms.channels.selectors.files import importer_of, reader_of, rows_between
from oms.channels.services.filing import JOB
from oms.channels.states import FILE, UNDER_WAY, FileState
from oms.core import imports, jobs, locking
from oms.core.actors import SYSTEM, Actor
from oms.core.events import publish
from oms.core.imports import BadRow
from oms.core.services import service

LONGEST_REASON, LONGEST_TEXT = 500, 200


@service
def keep_rows(
    *, number: str, turn: int, rows: Sequence[tuple[int, int, list[str]]], is_last: bool
) -> bool:
    """Keep rows of a file: line, part and cells. Done again, it keeps them once. Return whether
    they are still wanted.

    Raises: FileNotFound.
    Locks: FileImport.
    Publishes: nothing.
    """
    file = _locked(number)
    if file.turn != turn or file.state != FileState.CHECKING or file.is_read:
        return False
    FileRow.objects.bulk_create(
        [FileRow(file=file, line=line, part=part, cells=cells) for line, part, cells in rows],
        ignore_conflicts=True,
    )
    if is_last:
        file.rows, file.is_read = FileRow.objects.filter(file=file).count(), True
        file.save(update_fields=["rows", "is_read"])
    return not is_last


@service
def refuse_file(*, number: str, turn: int, reason: str) -> None:
    """Lay a file down that cannot be read as it was said to be.

    Raises: FileNotFound.
    Locks: FileImport.
    Publishes: nothing.
    """
    file = _locked(number)
    if file.turn != turn or not FILE.allows("refuse", file.state):
        return
    file.state = FILE.after("refuse", file.state)
    file.problem = reason[:LONGEST_REASON]
    file.save(update_fields=["state", "problem"])


@service
def give_up(*, number: str, reason: str, at: datetime) -> None:
    """Lay a file down whose work failed time and again: it can be gone on with.

    Raises: FileNotFound.
    Locks: FileImport.
    Publishes: FileStopped.
    """
    file = _locked(number)
    if file.state not in UNDER_WAY:
        return
    is_writing = file.state == FileState.WRITING
    file.state = FILE.after("stop" if is_writing else "refuse", file.state)
    file.problem = reason[:LONGEST_REASON]
    file.save(update_fields=["state", "problem"])
    if is_writing:
        publish(
            FileStopped(
                thread=number, subject=number, by=SYSTEM, at=at, done=file.done, reason=reason
            )
        )


@service
def carry_on(*, number: str, at: datetime) -> bool:
    """Look at the next parts of a file, or bring them in; return whether more is to be done.

    What became of the rows and how far the file is are written together: whoever dies, and
    whoever comes twice, each part is brought in once.

    Raises: FileNotFound.
    Locks: FileImport.
    Publishes: FileBroughtIn.
    """
    file = _locked(number)
    if file.state not in UNDER_WAY or not file.is_read:
        return False
    importer = importer_of(file.kind)
    ends = FileRow.objects.filter(file=file, part__gt=file.position).order_by("part")
    parts = ends.values_list("part", flat=True).distinct()
    some = list(parts[: importer.at_once]) if importer.at_once else [*parts.reverse()[:1]]
    if not some:
        _end(file, at)
        return False
    rows = rows_between(file, file.position, some[-1])
    is_writing = file.state == FileState.WRITING
    all_or_none = is_writing and not importer.at_once and not file.skips_bad_rows
    table, bad = reader_of(file).read(rows)
    context = imports.Context(
        channel=file.channel.slug if file.channel else "",
        by=_who(file),
        at=at,
    )
    report = imports.take(
        importer,
        table,
        context,
        dry_run=not is_writing or (all_or_none and bool(bad)),
        skip_bad_rows=not all_or_none,
    )
    bad = sorted([*bad, *report.bad], key=lambda each: each.line)
    _keep_problems(file, bad, rows)
    file.position = some[-1]
    file.done += len(rows)
    if all_or_none and not report.written:
        file.state = FILE.after("show", file.state)
        file.save()
        return False
    file.counts = Counter(file.counts) + Counter(report.counts)
    file.save()
    return True


def _keep_problems(
    file: FileImport, bad: Iterable[BadRow], rows: Sequence[tuple[int, Sequence[str]]]
) -> None:
    """Keep what is wrong, with what stands there; count the rows that are not taken in."""
    importer = importer_of(file.kind)
    reader, cells = reader_of(file), dict(rows)
    part_of = dict(
        FileRow.objects.filter(file=file, line__in=[each.line for each in bad]).values_list(
            "line", "part"
        )
    )
    FileProblem.objects.bulk_create(
        FileProblem(
            file=file,
            line=each.line,
            part=part_of[each.line],
            column=each.column[:64],
            reason=each.reason[:LONGEST_REASON],
            text=reader.text_of(each.column, cells[each.line])[:LONGEST_TEXT],
        )
        for each in bad
    )
    if importer.whole_by:
        wrong = set(part_of.values())
        found = FileRow.objects.filter(file=file, part__in=wrong)
        file.bad += found.count() if wrong else 0
    else:
        file.bad += len(part_of)


def _end(file: FileImport, at: datetime) -> None:
    """The last row is behind us."""
    if file.state == FileState.CHECKING:
        file.state = FILE.after("show", file.state)
        file.save(update_fields=["state"])
        return
    file.state = FILE.after("finish", file.state)
    file.settled_at = at
    file.save(update_fields=["state", "settled_at"])
    publish(
        FileBroughtIn(
            thread=file.number,
            subject=file.number,
            by=_who(file),
            at=at,
            kind=file.kind,
            counts=file.counts,
            bad=file.bad,
        )
    )


@service
def ask_for_the_rest(*, number: str) -> None:
    """Ask for a job, if there is work on a file: the one that was done may not have seen it.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    if FileImport.objects.filter(number=number, state__in=UNDER_WAY).exists():
        jobs.ask_for(JOB, due={number: jobs.AT_ONCE})


def _who(file: FileImport) -> Actor:
    """In whose name it is done: of who had it brought in, before that of who brought it."""
    kind, _, name = (file.started_by or file.brought_by).partition(":")
    return Actor(kind, name)


def _locked(number: str) -> FileImport:
    """Raises: FileNotFound."""
    return locking.lock_one(
        FileImport.objects.filter(number=number), missing=FileNotFound(number=number)
    )
