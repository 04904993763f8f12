"""One file on its way: mapped, looked at, brought in, stopped and gone on with."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oms.channels import services
from oms.channels.forms_files import DELIMITERS, MappingForm
from oms.channels.models import FileImport
from oms.channels.selectors.files import (
    bad_rows,
    file_list,
    files_before,
    first_rows,
    importer_of,
    importers,
    problems_of,
    reader_of,
)
from oms.channels.states import FILE, UNDER_WAY, FileState
from oms.channels.telling_files import story_of
from oms.core import first_sight
from oms.core.actors import Actor
from oms.core.errors import Missing, Refusal
from oms.core.exports import write_csv
from oms.core.foreign import ENCODINGS, Format
from oms.core.imports import Importer
from oms.core.mapping import Source, guess
from oms.core.models import User

SHOWN_PROBLEMS = 50
SHOWN_ROWS = 10
SHOWN_RAW = 5
WORDS = {
    "added": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "unchanged": gettext_lazy("as they are"),
    "services added": gettext_lazy("new services"),
    "price lists added": gettext_lazy("new price lists"),
    "sales reps added": gettext_lazy("new sales reps"),
    "known": gettext_lazy("known already"),
}


def file_or_refuse(request: HttpRequest, number: str) -> FileImport:
    mine = importers(cast(User, request.user))
    if not mine:
        raise PermissionDenied
    found = file_list(kinds=mine).filter(number=number).first() if number.isprintable() else None
    if found is None:
        raise Http404(number)
    return found


@login_required
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show how far a file is, what is in it, what is wrong with it, and what may be done next."""
    file = file_or_refuse(request, number)
    if file.state == FileState.ARRIVED:
        return redirect("files:map", number)
    return render(request, "files/import.html", _page(file))


@login_required
@require_GET
def live(request: HttpRequest, number: str) -> HttpResponse:
    """Show how far it is; when it has come to an end, ask for the whole page."""
    file = file_or_refuse(request, number)
    answer = render(request, "files/_progress.html", {"file": file})
    if file.state not in UNDER_WAY:
        answer["HX-Refresh"] = "true"
    return answer


def _page(file: FileImport) -> dict[str, Any]:
    importer = importer_of(file.kind)
    problems = list(problems_of(file)[: SHOWN_PROBLEMS + 1])
    shown = _understood(file, importer) if file.is_read and not file.purged_at else ([], [])
    return {
        "file": file,
        "importer": importer,
        "is_under_way": file.state in UNDER_WAY,
        "may": {verb.replace(" ", "_"): True for verb in FILE.verbs(file.state)},
        "counts": [(WORDS.get(word, word), count) for word, count in file.counts.items()],
        "good": file.rows - file.bad,
        "problems": problems[:SHOWN_PROBLEMS],
        "has_more_problems": len(problems) > SHOWN_PROBLEMS,
        "columns": shown[0],
        "rows": shown[1],
        "before": files_before(file),
        "story": story_of(file),
        "kept_days": settings.MESSAGES_KEPT_DAYS,
    }


def _understood(file: FileImport, importer: Importer) -> tuple[list[str], list[Any]]:
    """The first rows in our words: the columns that are said, and a row of texts for each."""
    table, _bad = reader_of(file).read(first_rows(file, SHOWN_ROWS))
    said = {name for row in table for name, text in row.cells.items() if text}
    columns = [name for name in importer.columns if name in said]
    rows = [(row.line, [row[name] for name in columns]) for row in table]
    return columns, rows


@login_required
@require_http_methods(["GET", "POST"])
def map_columns(request: HttpRequest, number: str) -> HttpResponse:
    """Say which columns of a file say what; then it is looked at."""
    file = file_or_refuse(request, number)
    if not FILE.allows("check", file.state) or file.purged_at:
        messages.error(request, _("The columns of {number} are settled.").format(number=number))
        return redirect("files:import", number)
    importer, told = importer_of(file.kind), Format(**file.told)
    encoding = _among(ENCODINGS, request.POST.get("encoding", ""), told.encoding)
    delimiter = _among(DELIMITERS, request.POST.get("delimiter", ""), told.delimiter)
    with default_storage.open(str(file.file)) as source:
        try:
            sight = first_sight.look(source, encoding=encoding, delimiter=delimiter)
        except Refusal as problem:
            messages.error(request, str(problem))
            return redirect("files:map", number)
    is_read_anew = request.POST.get("verb") == "read"
    sources = {ours: Source.of(said) for ours, said in file.sources.items()}
    if is_read_anew:
        sources = guess(importer, sight.headers, sight.rows)
    form = MappingForm(
        request.POST if request.method == "POST" and not is_read_anew else None,
        importer=importer,
        sight=sight,
        sources=sources,
        told=told,
        known_as=file.known_as,
    )
    if form.is_bound and form.is_valid():
        try:
            services.check_file(
                number=number,
                headers=sight.headers,
                told=form.told,
                sources=form.sources,
                keep_as=form.cleaned_data["keep_as"],
                by=Actor.of(request.user),
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("files:import", number)
    context = {
        "file": file,
        "importer": importer,
        "form": form,
        "headers": sight.headers,
        "raw": [row[: len(sight.headers)] for row in sight.rows[:SHOWN_RAW]],
        "before": files_before(file),
    }
    return render(request, "files/map.html", context, status=422 if form.errors else 200)


def _among(known: Iterable[str], said: str, otherwise: str) -> str:
    return said if said in known else otherwise


@login_required
@require_GET
def mend(request: HttpRequest, number: str) -> StreamingHttpResponse:
    """The rows that are not taken in, as they stand, each with what is wrong with it."""
    file = file_or_refuse(request, number)
    if file.purged_at or not file.bad:
        raise Http404(number)
    answer = StreamingHttpResponse(
        write_csv(bad_rows(file)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{number}-to-mend.csv"'
    return answer


@login_required
@require_GET
def original(request: HttpRequest, number: str) -> FileResponse:
    """The file, byte by byte as it came."""
    file = file_or_refuse(request, number)
    if file.purged_at:
        raise Http404(number)
    return FileResponse(
        default_storage.open(str(file.file)),
        as_attachment=True,
        filename=file.name,
        content_type="application/octet-stream",
    )


@login_required
@require_POST
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Bring in, stop, go on, or put away."""
    file_or_refuse(request, number)
    if verb not in ACTS:
        raise Http404(verb)
    try:
        ACTS[verb](request, number)
    except Missing as missing:
        raise Http404(str(missing)) from missing
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("files:import", number)


def _bring_in(request: HttpRequest, number: str) -> None:
    services.bring_in(
        number=number,
        skip_bad_rows=request.POST.get("skip") == "yes",
        by=Actor.of(request.user),
        at=timezone.now(),
    )


def _stop(request: HttpRequest, number: str) -> None:
    services.stop_file(number=number, by=Actor.of(request.user), at=timezone.now())


def _resume(request: HttpRequest, number: str) -> None:
    services.resume_file(number=number, by=Actor.of(request.user), at=timezone.now())


def _discard(request: HttpRequest, number: str) -> None:
    services.discard_file(number=number, by=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("{number} is put away.").format(number=number))


ACTS: dict[str, Callable[[HttpRequest, str], None]] = {
    "bring-in": _bring_in,
    "stop": _stop,
    "resume": _resume,
    "discard": _discard,
}
