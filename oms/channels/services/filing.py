"""Files that people bring: kept first, mapped, looked at, brought in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from oms.channels.errors import ColumnsMissing, FileGone, FileNotFound, FileUnderWay, RowsBad
from oms.channels.events import (
    FileArrived,
    FileDiscarded,
    FileMapped,
    FileResumed,
    FileStarted,
    FileStopped,
)
from oms.channels.models import Channel, ColumnMapping, FileImport, FileProblem, FileRow
from oms.channels.rules.files import signature_of
from oms.channels.selectors.files import importer_of
from oms.channels.states import FILE
from oms.core import jobs, locking, sql
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.foreign import Format
from oms.core.mapping import Source, Sources, missing
from oms.core.services import service

JOB = "file"


@dataclass(frozen=True)
class Brought:
    """A file as it came: where it is kept, and what was found at first sight of it."""

    kind: str
    channel: str
    name: str
    file: str
    digest: str
    size: int
    told: Format
    headers: list[str]
    sources: Sources
    known_as: str
    is_certain: bool


@service
def receive_file(*, brought: Brought, by: Actor, at: datetime) -> str:
    """Keep a file; return its number. One that is certain is looked at right away. The same bytes
    are on their way once.

    Raises: FileUnderWay.
    Locks: nothing.
    Publishes: FileArrived.
    """
    channel = Channel.objects.get(slug=brought.channel) if brought.channel else None
    [(nth,)] = sql.run("SELECT nextval('channels_file_numbers')")
    row = FileImport(
        number=f"IF-{nth}",
        kind=brought.kind,
        channel=channel,
        name=brought.name,
        file=brought.file,
        digest=brought.digest,
        size=brought.size,
        told=brought.told.as_json(),
        headers=brought.headers,
        sources=_as_json(brought.sources),
        known_as=brought.known_as,
        brought_by=str(by),
        brought_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        first = FileImport.objects.filter(
            digest=brought.digest, kind=brought.kind, channel=channel, settled_at=None
        ).first()
        if first is None:
            raise
        raise FileUnderWay(number=first.number, by=first.brought_by.partition(":")[2]) from None
    publish(
        FileArrived(
            thread=row.number,
            subject=row.number,
            by=by,
            at=at,
            kind=row.kind,
            file_name=row.name,
            channel=brought.channel,
        )
    )
    if brought.is_certain:
        row.state = FILE.after("check", row.state)
        _begin(row)
    return row.number


def _as_json(sources: Sources) -> dict[str, Any]:
    return {ours: source.as_json() for ours, source in sources.items()}


@service
def check_file(
    *,
    number: str,
    headers: list[str],
    told: Format,
    sources: Mapping[str, Source],
    keep_as: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Have a file looked at, its columns read as said; keep that for files of the same headers.

    Raises: FileNotFound, FileGone, ColumnsMissing, TransitionNotAllowed.
    Locks: FileImport.
    Publishes: FileMapped.
    """
    row = _locked(number)
    row.state = FILE.after("check", row.state)
    if lacking := missing(importer_of(row.kind), sources):
        raise ColumnsMissing(columns=lacking)
    row.headers, row.told, row.sources = headers, told.as_json(), _as_json(sources)
    row.known_as = keep_as or row.known_as
    FileRow.objects.filter(file=row).delete()
    row.rows, row.is_read = 0, False
    _begin(row)
    if keep_as:
        ColumnMapping.objects.update_or_create(
            kind=row.kind,
            channel=row.channel,
            signature=signature_of(row.headers),
            defaults={
                "name": keep_as,
                "told": row.told,
                "sources": row.sources,
                "kept_by": str(by),
                "kept_at": at,
            },
        )
    publish(FileMapped(thread=number, subject=number, by=by, at=at, kept_as=keep_as))


@service
def bring_in(*, number: str, skip_bad_rows: bool, by: Actor, at: datetime) -> None:
    """Bring in a file that was looked at: all of it, or its good rows where that is said.

    Raises: FileNotFound, FileGone, RowsBad, TransitionNotAllowed.
    Locks: FileImport.
    Publishes: FileStarted.
    """
    row = _locked(number)
    row.state = FILE.after("bring in", row.state)
    if row.bad and not skip_bad_rows:
        raise RowsBad(bad=row.bad)
    bad, row.skips_bad_rows, row.started_by = row.bad, skip_bad_rows, str(by)
    _begin(row)
    publish(FileStarted(thread=number, subject=number, by=by, at=at, rows=row.rows, bad=bad))


@service
def stop_file(*, number: str, by: Actor, at: datetime) -> None:
    """Stop bringing in a file; what is in stays.

    Raises: FileNotFound, FileGone, TransitionNotAllowed.
    Locks: FileImport.
    Publishes: FileStopped.
    """
    row = _locked(number)
    row.state = FILE.after("stop", row.state)
    row.save(update_fields=["state"])
    publish(FileStopped(thread=number, subject=number, by=by, at=at, done=row.done, reason=""))


@service
def resume_file(*, number: str, by: Actor, at: datetime) -> None:
    """Go on bringing in a file where it was stopped.

    Raises: FileNotFound, FileGone, TransitionNotAllowed.
    Locks: FileImport.
    Publishes: FileResumed.
    """
    row = _locked(number)
    row.state = FILE.after("resume", row.state)
    row.problem = ""
    row.save(update_fields=["state", "problem"])
    publish(FileResumed(thread=number, subject=number, by=by, at=at, done=row.done))
    jobs.ask_anew(JOB, keys=[number])


@service
def discard_file(*, number: str, by: Actor, at: datetime) -> None:
    """Put a file away; what of it is in stays.

    Raises: FileNotFound, FileGone, TransitionNotAllowed.
    Locks: FileImport.
    Publishes: FileDiscarded.
    """
    row = _locked(number)
    row.state = FILE.after("put away", row.state)
    row.settled_at = at
    row.save(update_fields=["state", "settled_at"])
    publish(FileDiscarded(thread=number, subject=number, by=by, at=at, done=row.done))


def _locked(number: str) -> FileImport:
    """Raises: FileNotFound, FileGone."""
    row = locking.lock_one(
        FileImport.objects.filter(number=number), missing=FileNotFound(number=number)
    )
    if row.purged_at:
        raise FileGone(number=number)
    return row


def _begin(row: FileImport) -> None:
    """Begin with the first row, and ask for the work last."""
    FileProblem.objects.filter(file=row).delete()
    row.turn += 1
    row.position = row.done = row.bad = 0
    row.counts, row.problem = {}, ""
    row.save()
    jobs.ask_anew(JOB, keys=[row.number])
