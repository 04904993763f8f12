"""Files that are brought in and handed out: each is looked at before it counts."""

import csv
import io
from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from oms.channels.errors import TooManyRows
from oms.channels.forms import LARGEST_FILE, TableForm
from oms.core import imports, tables
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.exports import write_csv
from oms.core.imports import Importer
from oms.core.models import User

SHOWN_BAD = 50
WORDS = {
    "added": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "unchanged": gettext_lazy("as they are"),
    "services added": gettext_lazy("new services"),
    "price lists added": gettext_lazy("new price lists"),
    "sales reps added": gettext_lazy("new sales reps"),
    "known": gettext_lazy("known already"),
}


def importers(user: User) -> Mapping[str, Importer]:
    """Return who reads which kind of file, of those this person may bring in."""
    every = {kind: import_string(path)() for kind, path in settings.IMPORTERS.items()}
    return {kind: each for kind, each in every.items() if user.has_perm(each.permission)}


def importer_or_refuse(request: HttpRequest, kind: str) -> Importer:
    if kind not in settings.IMPORTERS:
        raise Http404(kind)
    found = importers(cast(User, request.user)).get(kind)
    if found is None:
        raise PermissionDenied
    return found


@login_required
@require_GET
def file_list(request: HttpRequest) -> HttpResponse:
    """Show the kinds of files this person may bring in, in the order in which they need another."""
    user = cast(User, request.user)
    kinds = [
        {"kind": kind, "title": each.title, "has_table": each.table(user) is not None}
        for kind, each in importers(user).items()
    ]
    if not kinds:
        raise PermissionDenied
    return render(request, "files/list.html", {"kinds": kinds})


@login_required
@require_GET
def file_of(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """What stands, as the file that brings it in."""
    rows = importer_or_refuse(request, kind).table(cast(User, request.user))
    if rows is None:
        raise Http404(kind)
    answer = StreamingHttpResponse(write_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest, kind: str) -> HttpResponse:
    """Take a file: look at it first, say what it would change, then bring it in."""
    importer = importer_or_refuse(request, kind)
    if request.method == "POST" and "table" in request.POST:
        return _write(request, kind, importer)
    form = TableForm(request.POST or None, request.FILES or None, whose=importer.needs_channel)
    if request.method == "POST" and form.is_valid():
        looked_at = {
            "name": form.cleaned_data["file"].name[:100],
            "channel": form.channel_slug,
        }
        try:
            looked_at["table"] = _as_csv(importer, form.cleaned_data["file"])
            report = _run(request, importer, looked_at, dry_run=True)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            return _show(request, kind, importer, form, looked_at, report)
    context = _page(kind, importer, form)
    return render(request, "files/file.html", context, status=422 if form.errors else 200)


def _write(request: HttpRequest, kind: str, importer: Importer) -> HttpResponse:
    """Bring in what was looked at; where it has become wrong meanwhile, say so."""
    looked_at = {name: request.POST.get(name, "") for name in ("table", "name", "channel")}
    looked_at["table"] = looked_at["table"][:LARGEST_FILE]
    skip = request.POST.get("skip") == "yes"
    form = TableForm(whose=importer.needs_channel)
    try:
        report = _run(request, importer, looked_at, dry_run=False, skip_bad_rows=skip)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("files:file", kind)
    if not report.written:
        return _show(request, kind, importer, form, looked_at, report)
    told = ", ".join(f"{count} {word}" for word, count in _counts(report))
    messages.success(
        request, _("{what}: {told}.").format(what=importer.title, told=told or _("nothing new"))
    )
    return redirect(importer.page)


def _run(
    request: HttpRequest,
    importer: Importer,
    looked_at: Mapping[str, str],
    *,
    dry_run: bool,
    skip_bad_rows: bool = False,
) -> imports.Report:
    context = imports.Context(
        channel=looked_at["channel"], by=Actor.of(request.user), at=timezone.now()
    )
    table = io.BytesIO(looked_at["table"].encode())
    return imports.run(importer, table, context, dry_run=dry_run, skip_bad_rows=skip_bad_rows)


def _show(
    request: HttpRequest,
    kind: str,
    importer: Importer,
    form: TableForm,
    looked_at: Mapping[str, str],
    report: imports.Report,
) -> HttpResponse:
    bad_lines = len({each.line for each in report.bad})
    context = {
        **_page(kind, importer, form),
        "looked_at": looked_at,
        "report": report,
        "counts": _counts(report),
        "bad": report.bad[:SHOWN_BAD],
        "bad_lines": bad_lines,
        "good_lines": report.rows - bad_lines,
    }
    return render(request, "files/file.html", context, status=422 if report.bad else 200)


def _counts(report: imports.Report) -> list[tuple[str, int]]:
    return [(str(WORDS.get(word, word)), count) for word, count in report.counts.items() if count]


def _page(kind: str, importer: Importer, form: TableForm) -> dict[str, Any]:
    optional = [name for name in importer.columns if name not in importer.required]
    return {"kind": kind, "importer": importer, "form": form, "optional": optional}


def _as_csv(importer: Importer, file: Any) -> str:
    """The rows of an uploaded file as CSV text, columns as in ours; line numbers stay the same."""
    columns = list(importer.columns)
    optional = [name for name in columns if name not in importer.required]
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(columns)
    line = 1
    for count, row in enumerate(
        tables.read(file, required=importer.required, optional=optional), start=1
    ):
        if count > importer.most_rows:
            raise TooManyRows(most=importer.most_rows)
        for _blank in range(row.line - line - 1):
            written.write("\n")
        line = row.line
        rows.writerow([row[name] for name in columns])
    return written.getvalue()
