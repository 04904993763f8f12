"""Files that are brought in and handed out: each is looked at before it counts."""

import re
from collections.abc import Iterable
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from oms.channels import services
from oms.channels.errors import FileUnderWay
from oms.channels.forms import TableForm
from oms.channels.models import FileImport
from oms.channels.naming import actor_name
from oms.channels.rules.files import digest_of
from oms.channels.selectors.files import file_list, importer_of, importers, kept_mapping
from oms.channels.services import Brought
from oms.core import first_sight
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.exports import write_csv
from oms.core.foreign import Format
from oms.core.imports import Importer
from oms.core.keyset import page_of
from oms.core.mapping import Source, guess, is_ours, known_file
from oms.core.models import User

LATEST = 5


def importer_or_refuse(request: HttpRequest, kind: str) -> Importer:
    if kind not in settings.IMPORTERS:
        raise Http404(kind)
    found = importers(cast(User, request.user)).get(kind)
    if found is None:
        raise PermissionDenied
    return found


@login_required
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Show the kinds of files this person may bring in, in the order in which they need another."""
    user = cast(User, request.user)
    mine = importers(user)
    kinds = [
        {"kind": kind, "title": each.title, "has_table": each.table(user) is not None}
        for kind, each in mine.items()
    ]
    if not kinds:
        raise PermissionDenied
    latest = file_list(kinds=mine).order_by("-brought_at", "-id")[:LATEST]
    context = {"kinds": kinds, "latest": _told(latest)}
    return render(request, "files/list.html", context)


def _told(files: Iterable[FileImport]) -> list[tuple[FileImport, str, str]]:
    """Files with what they are of, and who brought them."""
    return [
        (file, str(importer_of(file.kind).title), actor_name(file.brought_by)) for file in files
    ]


@login_required
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Show who brought what, and what became of it, the latest first."""
    mine = importers(cast(User, request.user))
    if not mine:
        raise PermissionDenied
    page = page_of(
        file_list(kinds=mine), cursor=request.GET.get("cursor", ""), keys=("brought_at", "id")
    )
    return render(request, "files/history.html", {"files": _told(page.rows), "page": page})


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
def bring(request: HttpRequest, kind: str) -> HttpResponse:
    """Take a file and keep it; it is looked at next, once its columns are known."""
    importer = importer_or_refuse(request, kind)
    form = TableForm(request.POST or None, request.FILES or None, whose=importer.needs_channel)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("files:import", _receive(request, kind, importer, form))
        except FileUnderWay as refusal:
            messages.error(request, str(refusal))
            return redirect("files:import", refusal.number)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
    optional = [name for name in importer.columns if name not in importer.required]
    context = {"kind": kind, "importer": importer, "form": form, "optional": optional}
    return render(request, "files/file.html", context, status=422 if form.errors else 200)


def _receive(request: HttpRequest, kind: str, importer: Importer, form: TableForm) -> str:
    """Keep the bytes, and what is certain of them at first sight.

    Raises: BadTable, FileUnderWay.
    """
    file, channel = form.cleaned_data["file"], form.channel_slug
    sight = first_sight.look(file)
    told, known_as = sight.told, known_file(importer, sight.headers)
    kept = kept_mapping(kind=kind, channel=channel, headers=sight.headers)
    is_certain = sight.is_readable
    if is_ours(importer, sight.headers):
        told = Format(told.encoding, told.delimiter, is_ours=True)
        sources = {
            header.lower(): Source((header,))
            for header in sight.headers
            if header.lower() in importer.columns
        }
    elif kept:
        sources = {ours: Source.of(said) for ours, said in kept.sources.items()}
        said = {**kept.told, "encoding": told.encoding, "delimiter": told.delimiter}
        told, known_as = Format(**said), kept.name
        is_certain = is_certain and not first_sight.contradicts(importer, sight, sources, told)
    else:
        sources, is_certain = guess(importer, sight.headers, sight.rows), False
        told = first_sight.settled(importer, sight, sources, told)
    digest, at = digest_of(file), timezone.now()
    file.seek(0)
    extension = "xlsx" if sight.is_workbook else "csv"
    path = default_storage.save(f"files/{at:%Y/%m}/{digest[:16]}.{extension}", file)
    brought = Brought(
        kind=kind,
        channel=channel,
        name=_name_of(file.name),
        file=path,
        digest=digest,
        size=file.size,
        told=told,
        headers=sight.headers,
        sources=sources,
        known_as=known_as,
        is_certain=is_certain,
    )
    try:
        return services.receive_file(brought=brought, by=Actor.of(request.user), at=at)
    except FileUnderWay:
        default_storage.delete(path)
        raise


def _name_of(name: str) -> str:
    return re.sub(r"[^\w .()+-]", "_", name)[-100:] or _("a file")
