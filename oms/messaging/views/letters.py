"""Letters as staff change them: words, switches, previews, and what they said before."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oms.core.actors import Actor
from oms.core.errors import Conflict, Refusal
from oms.core.said import whole_number
from oms.messaging import selectors, services
from oms.messaging.errors import WordingRefused
from oms.messaging.forms import LANGUAGES, WordingForm
from oms.messaging.letters import (
    LetterKind,
    Words,
    filled_in,
    letter_kinds,
    words_in_force,
)
from oms.messaging.rules.wording import NotReadable
from oms.messaging.states import Audience, Medium
from oms.messaging.views.framing import framed, with_frame

EDIT = "messaging.edit_letters"


@login_required
@permission_required(EDIT, raise_exception=True)
@require_GET
def letter_list(request: HttpRequest) -> HttpResponse:
    """Show every letter the house writes, by whom it is for, with its switches."""
    decided, reworded = selectors.switches(), selectors.reworded()
    groups = []
    for audience in Audience:
        kinds = [kind for kind in letter_kinds().values() if kind.audience == audience]
        rows = [
            (kind, switches_of(kind, decided), [LANGUAGES.get(code, code) for code in languages])
            for kind in kinds
            for languages in [reworded.get(kind.key, [])]
        ]
        if rows:
            groups.append((audience, rows))
    return render(request, "messaging/letters.html", {"groups": groups})


def switches_of(
    kind: LetterKind, decided: dict[tuple[str, str], bool]
) -> list[tuple[Medium, bool]]:
    """Return the media of a letter, and whether it goes by each."""
    return [(each, selectors.is_on(kind.key, each, decided)) for each in kind.media]


@login_required
@permission_required(EDIT, raise_exception=True)
@with_frame
@require_http_methods(["GET", "POST"])
def letter(request: HttpRequest, letter: str) -> HttpResponse:
    """Show what a letter says, and have it say something else from now on."""
    kind, language = _kind(letter), _language(request)
    status = 200
    if request.method == "POST":
        form = _form(kind, request.POST)
        if form.is_valid():
            try:
                services.reword_letter(
                    letter=letter,
                    language=language,
                    **form.words,
                    based_on=form.cleaned_data["based_on"],
                    by=Actor.of(request.user),
                    at=timezone.now(),
                )
            except WordingRefused as refusal:
                form.add_error(refusal.field, str(refusal))
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = 409 if isinstance(refusal, Conflict) else 400
            else:
                messages.success(request, _("From now on it says that."))
                return redirect(_page(letter, language))
        status = 422 if status == 200 else status
    else:
        said = words_in_force(kind, language)
        initial = {
            "subject": said.subject,
            "text": said.text,
            "sms": said.sms,
            "based_on": selectors.newest_version(letter, language),
        }
        form = _form(kind, initial=initial)
    return render(request, "messaging/letter.html", _context(kind, language, form), status=status)


def _context(kind: LetterKind, language: str, form: WordingForm) -> dict[str, Any]:
    history = selectors.wordings_of(kind.key, language)
    used = words_in_force(kind, language)
    return {
        "kind": kind,
        "form": form,
        "language": language,
        "language_name": LANGUAGES[language],
        "languages": LANGUAGES.items(),
        "borrowed": "" if used.language == language else LANGUAGES.get(used.language),
        "switches": switches_of(kind, selectors.switches_of(kind.key)),
        "variables": kind.variables.items(),
        "history": history,
        "newest": history[0].version if history else 0,
        "has_own_words": bool(history) and not history[0].is_default,
        "preview": reverse("messaging:letter-preview", args=[kind.key]) + f"?language={language}",
    }


@login_required
@permission_required(EDIT, raise_exception=True)
@framed
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, letter: str) -> HttpResponse:
    """Show a letter as it would be read: these words, or those in force; nothing is kept."""
    kind, language = _kind(letter), _language(request)
    words = words_in_force(kind, language)
    values, problem = kind.sample, ""
    if request.method == "POST":
        form = _form(kind, request.POST)
        if not form.is_valid():
            problem = _("The subject and the text are needed.")
        else:
            said = form.words
            words = Words(said["subject"], said["text"], said.get("sms", ""), language)
            if number := form.cleaned_data.get("number"):
                found = import_string(kind.example)(number)
                problem = "" if found else _("There is no {number}.").format(number=number)
                values = found or values
    if not problem:
        try:
            context = {"filled": filled_in(kind, words, values), "language": words.language}
            return render(request, "messaging/letters/preview.html", context)
        except NotReadable as unreadable:
            problem = str(WordingRefused("text", unreadable.line, unreadable.reason))
    context = {"problem": problem, "language": "en"}
    return render(request, "messaging/letters/preview.html", context, status=422)


@login_required
@permission_required(EDIT, raise_exception=True)
@require_POST
def try_out(request: HttpRequest, letter: str) -> HttpResponse:
    """Send these words to whoever is working on them; they are kept in the form, not in force."""
    kind, language = _kind(letter), _language(request)
    form = _form(kind, request.POST)
    status = 422
    if form.is_valid():
        try:
            address = services.try_letter(
                letter=letter,
                language=language,
                **form.words,
                user=request.user.get_username(),
                at=timezone.now(),
            )
        except WordingRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("A test goes to {address}. Customers still get what it said.").format(
                    address=address
                ),
            )
            status = 200
    return _framing_page(request, kind, language, form, status)


@with_frame
def _framing_page(
    request: HttpRequest, kind: LetterKind, language: str, form: WordingForm, status: int
) -> HttpResponse:
    context = _context(kind, language, form)
    return render(request, "messaging/letter.html", context, status=status)


@login_required
@permission_required(EDIT, raise_exception=True)
@require_POST
def restore(request: HttpRequest, letter: str) -> HttpResponse:
    """Have a letter say again what it came with, or what it said in an older version."""
    kind, language = _kind(letter), _language(request)
    numbers = [request.POST.get(name, "0") for name in ("version", "based_on")]
    version, based_on = (whole_number(each) or 0 for each in numbers)
    try:
        services.restore_letter(
            letter=kind.key,
            language=language,
            version=version,
            based_on=based_on,
            by=Actor.of(request.user),
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("From now on it says that again."))
    return redirect(_page(letter, language))


@login_required
@permission_required(EDIT, raise_exception=True)
@require_POST
def switch(request: HttpRequest, letter: str) -> HttpResponse:
    """Have a letter go out by a medium, or no longer."""
    kind = _kind(letter)
    is_on = request.POST.get("to") == "on"
    medium = request.POST.get("medium", "")
    try:
        services.switch_letter(
            letter=letter,
            medium=medium,
            is_on=is_on,
            by=Actor.of(request.user),
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        words = (
            _("{letter} goes out by {medium}.")
            if is_on
            else _("{letter} no longer goes out by {medium}.")
        )
        messages.success(request, words.format(letter=kind.name, medium=Medium(medium).label))
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else "messaging:letters")


def _form(kind: LetterKind, *data: Any, **more: Any) -> WordingForm:
    example_of = str(kind.example_of) if kind.example else ""
    return WordingForm(*data, sms=Medium.SMS in kind.media, example_of=example_of, **more)


def _kind(letter: str) -> LetterKind:
    kind = letter_kinds().get(letter)
    if kind is None:
        raise Http404(letter)
    return kind


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "en")
    return asked if asked in LANGUAGES else "en"


def _page(letter: str, language: str) -> str:
    address = reverse("messaging:letter", args=[letter])
    return address if language == "en" else f"{address}?language={language}"
