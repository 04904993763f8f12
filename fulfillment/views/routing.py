"""Routing rules: their versions in plain words, what differs, publishing and taking back."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment import selectors, services
from fulfillment.forms_routing import RuleBookFileForm
from fulfillment.models import RoutingVersion
from fulfillment.rules.reading import parse
from fulfillment.states import RoutingVersionStatus
from fulfillment.views.seen import actor_of, attempt
from fulfillment.words_routing import Names, book_words, differences, source_words
from oms.channels.naming import actor_name
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.core.said import posted, whole_number

SEE = "fulfillment.view_routingversion"
EDIT = "fulfillment.edit_routing"
MOST_CHANGES = 3


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def version_list(request: HttpRequest) -> HttpResponse:
    """Show the rules that count, in words, and every version there is, the newest first."""
    live, names = selectors.live_number(), Names(**selectors.routing_names())
    page = page_of(
        selectors.routing_versions(),
        cursor=request.GET.get("cursor", ""),
        keys=("number",),
        size=20,
    )
    books = selectors.books_of({each.based_on for each in page} | {live})
    rows = []
    for each in page:
        changes = differences(books[each.based_on], parse(each.rules), names)
        who = actor_name(each.published_by or each.changed_by)
        rows.append((each, who, changes[:MOST_CHANGES], len(changes) - MOST_CHANGES))
    context = {
        "live": live,
        "words": book_words(books[live], names),
        "page": page,
        "rows": rows,
        "may_edit": request.user.has_perm(EDIT),
    }
    return render(request, "fulfillment/routing_list.html", context)


def version_or_404(number: int) -> RoutingVersion:
    found = selectors.routing_versions().filter(number=number).first()
    if found is None:
        raise Http404(number)
    return found


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show what a version says and what it says otherwise; for a draft, what may be done."""
    found, names = version_or_404(number), Names(**selectors.routing_names())
    book, live = parse(found.rules), selectors.live_number()
    against = live if found.status == RoutingVersionStatus.DRAFT else found.replaces
    against = found.based_on if against is None else against
    is_draft = found.status == RoutingVersionStatus.DRAFT
    context = {
        "version": found,
        "words": book_words(book, names),
        "groups": [
            (name, source_words(book, members, names)) for name, members in book.groups.items()
        ],
        "against": against,
        "changes": differences(selectors.rules_of(against), book, names),
        "who": _who(found),
        "is_draft": is_draft,
        "may_edit": request.user.has_perm(EDIT),
        "live": live,
        "tests": list(selectors.back_tests_of(found)[:10]),
        "test": selectors.back_test_for(found, live) if is_draft else None,
    }
    return render(request, "fulfillment/routing_version.html", context)


def _who(found: RoutingVersion) -> dict[str, str]:
    return {
        "made": actor_name(found.made_by),
        "changed": actor_name(found.changed_by),
        "published": actor_name(found.published_by) if found.published_by else "",
    }


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def rules_file(request: HttpRequest, number: int) -> HttpResponse:
    """A version as the file that can be brought in again; 0: the built-in rules."""
    document = version_or_404(number).rules if number else selectors.rules_document(0)
    answer = JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="routing-{number}.json"'
    return answer


@login_required
@permission_required(EDIT, raise_exception=True)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a draft with the rules of a version."""
    based_on = whole_number(request.POST.get("based_on", "")) or 0
    if based_on:
        version_or_404(based_on)
    made = services.begin_routing_draft(based_on=based_on, by=actor_of(request), at=timezone.now())
    return redirect("fulfillment:routing-version", made.number)


@login_required
@permission_required(EDIT, raise_exception=True)
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Begin a draft with the rules of a file."""
    form = RuleBookFileForm(posted(request), request.FILES or None)
    if form.is_valid():
        try:
            rules = json.loads(form.cleaned_data["file"].read())
            made = services.begin_routing_draft(
                based_on=selectors.live_number(),
                rules=rules,
                note=form.cleaned_data["file"].name[:200],
                by=actor_of(request),
                at=timezone.now(),
            )
        except (ValueError, RecursionError):
            form.add_error("file", _("This is not JSON."))
        except Refusal as refusal:
            for problem in getattr(refusal, "problems", [str(refusal)]):
                form.add_error("file", problem)
        else:
            messages.success(request, _("The draft is there. It counts when it is published."))
            return redirect("fulfillment:routing-version", made.number)
    status = 422 if form.errors else 200
    return render(request, "fulfillment/routing_file.html", {"form": form}, status=status)


def _revision(request: HttpRequest) -> int:
    return whole_number(request.POST.get("revision", "")) or 0


@login_required
@permission_required(EDIT, raise_exception=True)
@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Have orders find their locations by a draft."""
    return attempt(
        request,
        lambda: services.publish_routing(
            version=number,
            revision=_revision(request),
            by=actor_of(request),
            at=timezone.now(),
        ),
        _("Version {n} counts from now on.").format(n=number),
        "fulfillment:routing",
    )


@login_required
@permission_required(EDIT, raise_exception=True)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Have the rules count again that did before."""
    return attempt(
        request,
        lambda: services.undo_routing(
            live=whole_number(request.POST.get("live", "")) or 0,
            by=actor_of(request),
            at=timezone.now(),
        ),
        _("What counted before counts again."),
        "fulfillment:routing",
    )


@login_required
@permission_required(EDIT, raise_exception=True)
@require_POST
def discard(request: HttpRequest, number: int) -> HttpResponse:
    """Put a draft away."""
    return attempt(
        request,
        lambda: services.discard_routing_draft(
            version=number,
            revision=_revision(request),
            by=actor_of(request),
            at=timezone.now(),
        ),
        _("Version {n} is put away.").format(n=number),
        "fulfillment:routing",
    )
