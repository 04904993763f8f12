"""Files that were brought, their rows and what is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from oms.channels.models import ColumnMapping, FileImport, FileProblem, FileRow
from oms.channels.rules.files import signature_of
from oms.channels.states import OVER
from oms.core.foreign import Format
from oms.core.imports import Importer
from oms.core.mapping import REMARK, Reader, Source
from oms.core.models import User


@cache
def _importer_at(path: str) -> Importer:
    importer: Importer = import_string(path)()
    return importer


def importer_of(kind: str) -> Importer:
    """Who reads this kind of file; KeyError, where there is none."""
    return _importer_at(settings.IMPORTERS[kind])


def importers(user: User) -> Mapping[str, Importer]:
    """Return who reads which kind of file, of those this person may bring in."""
    every = {kind: importer_of(kind) for kind in settings.IMPORTERS}
    return {kind: each for kind, each in every.items() if user.has_perm(each.permission)}


def file_list(*, kinds: Iterable[str]) -> QuerySet[FileImport]:
    return FileImport.objects.filter(kind__in=list(kinds)).select_related("channel")


def files_before(file: FileImport) -> list[FileImport]:
    """Return imports of the same bytes that are over, the latest first."""
    same = FileImport.objects.filter(
        digest=file.digest, kind=file.kind, channel=file.channel_id, state__in=OVER
    )
    return list(same.exclude(pk=file.pk).order_by("-pk")[:3])


def kept_mapping(*, kind: str, channel: str, headers: Iterable[str]) -> ColumnMapping | None:
    """Return what is kept for files of these headers."""
    return ColumnMapping.objects.filter(
        kind=kind, channel__slug=channel or None, signature=signature_of(headers)
    ).first()


def reader_of(file: FileImport) -> Reader:
    """Return what reads the rows of a file in our words."""
    sources = {ours: Source.of(said) for ours, said in file.sources.items()}
    return Reader(
        importer_of(file.kind), file.headers, sources, Format(**file.told), file.brought_at
    )


def rows_between(file: FileImport, after: int, until: int) -> list[tuple[int, list[str]]]:
    """Return the rows of the parts after one and until another, in the order of the parts."""
    found = FileRow.objects.filter(file=file, part__gt=after, part__lte=until)
    return list(found.order_by("part", "line").values_list("line", "cells"))


def first_rows(file: FileImport, count: int) -> list[tuple[int, list[str]]]:
    found = FileRow.objects.filter(file=file).order_by("part", "line")
    return list(found.values_list("line", "cells")[:count])


def problems_of(file: FileImport) -> QuerySet[FileProblem]:
    return FileProblem.objects.filter(file=file).order_by("line", "id")


PARTS_AT_ONCE = 500


def bad_rows(file: FileImport) -> Iterator[list[str]]:
    """Yield the rows that are not taken in as they stand in the file, headers first; the last cell
    says why. Those that belong to bad ones come along: what belongs together is mended as one."""
    yield [*file.headers, REMARK]
    width, after = len(file.headers), 0
    wrong = FileProblem.objects.filter(file=file)
    while parts := list(
        wrong.filter(part__gt=after)
        .order_by("part")
        .values_list("part", flat=True)
        .distinct()[:PARTS_AT_ONCE]
    ):
        reasons: dict[int, list[str]] = {}
        for each in wrong.filter(part__in=parts).order_by("line", "id"):
            said = f"{each.column}: {each.reason}" if each.column else each.reason
            reasons.setdefault(each.line, []).append(said)
        rows = FileRow.objects.filter(file=file, part__in=parts).order_by("part", "line")
        for line, cells in rows.values_list("line", "cells"):
            kept = [*cells, *[""] * (width - len(cells))][:width]
            yield [*kept, "; ".join(reasons.get(line, []))]
        after = parts[-1]
