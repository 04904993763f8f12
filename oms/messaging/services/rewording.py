from datetime import datetime

from django.db import IntegrityError, transaction

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.jobs import enqueue
from oms.core.models import User
from oms.core.services import service
from oms.messaging.errors import (
    LetterNotFound,
    NoAddressOfYours,
    NotAMedium,
    WordingChanged,
    WordingNotFound,
    WordingRefused,
)
from oms.messaging.events import LetterReworded, LetterSwitched
from oms.messaging.letters import LetterKind, Words, check_words, letter_kinds
from oms.messaging.models import LetterSwitch, Wording
from oms.messaging.services.posting import MAIL


@service
def reword_letter(
    *,
    letter: str,
    language: str,
    subject: str,
    text: str,
    sms: str = "",
    based_on: int,
    by: Actor,
    at: datetime,
) -> int:
    """Have a letter say this in `language` from now on; return the version of these words.

    `based_on` is the version that was being changed, 0 for none: two people who change the same
    letter do not undo each other's work unseen. Words equal to those in force change nothing.

    Raises: LetterNotFound, WordingRefused, WordingChanged.
    Locks: nothing.
    Publishes: LetterReworded.
    """
    kind = _kind(letter)
    words = Words(" ".join(subject.split()), _lines(text), " ".join(sms.split()), language)
    _refuse_unreadable(kind, words)
    newest = _newest(letter, language)
    if newest and not newest.is_default and _same(newest, words):
        return newest.version
    return _write(
        Wording(
            letter=letter,
            language=language,
            subject=words.subject,
            text=words.text,
            sms=words.sms,
            by=str(by),
            made_at=at,
        ),
        newest,
        based_on,
        by,
    )


@service
def restore_letter(
    *, letter: str, language: str, version: int = 0, based_on: int, by: Actor, at: datetime
) -> int:
    """Have a letter say again what its file says, or what it said in `version`.

    Raises: LetterNotFound, WordingNotFound, WordingRefused, WordingChanged.
    Locks: nothing.
    Publishes: LetterReworded.
    """
    kind = _kind(letter)
    newest = _newest(letter, language)
    again = Wording(letter=letter, language=language, is_default=True, by=str(by), made_at=at)
    if version:
        said = Wording.objects.filter(letter=letter, language=language, version=version).first()
        if said is None:
            raise WordingNotFound(letter=letter, version=version)
        again.is_default = said.is_default
        again.subject, again.text, again.sms = said.subject, said.text, said.sms
        if not said.is_default:
            _refuse_unreadable(kind, Words(said.subject, said.text, said.sms, language))
    return _write(again, newest, based_on, by)


@service
def switch_letter(*, letter: str, medium: str, is_on: bool, by: Actor, at: datetime) -> None:
    """Have a letter go out by a medium from now on, or no longer.

    Raises: LetterNotFound, NotAMedium.
    Locks: nothing.
    Publishes: LetterSwitched.
    """
    kind = _kind(letter)
    if medium not in kind.media:
        raise NotAMedium(letter=letter, medium=medium)
    LetterSwitch.objects.update_or_create(
        letter=letter,
        medium=medium,
        defaults={"is_on": is_on, "by": str(by), "changed_at": at},
    )
    publish(LetterSwitched(thread=letter, subject=letter, medium=medium, is_on=is_on, by=by, at=at))


@service
def try_letter(
    *, letter: str, language: str, subject: str, text: str, sms: str = "", user: str, at: datetime
) -> str:
    """Send these words, with sample values, to one colleague; return the address they go to.

    Raises: LetterNotFound, WordingRefused, NoAddressOfYours.
    Locks: nothing.
    Publishes: nothing.
    """
    kind = _kind(letter)
    _refuse_unreadable(kind, Words(subject, text, sms, language))
    address = User.objects.filter(username=user).values_list("email", flat=True).first()
    if not address:
        raise NoAddressOfYours
    enqueue(
        MAIL,
        key=f"try:{letter}:{user}:{at:%Y%m%d%H%M%S%f}"[:128],
        payload={
            "letter": "oms.messaging.letters.trying.trial",
            "arguments": {
                "letter": letter,
                "language": language,
                "subject": subject,
                "text": text,
                "to": address,
            },
        },
    )
    return str(address)


def _kind(letter: str) -> LetterKind:
    kind = letter_kinds().get(letter)
    if kind is None:
        raise LetterNotFound(letter=letter)
    return kind


def _lines(text: str) -> str:
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip() + "\n"


def _refuse_unreadable(kind: LetterKind, words: Words) -> None:
    for field in ("subject", "text"):
        if not getattr(words, field).strip():
            raise WordingRefused(field=field, line=1, reason="It says nothing.")
    for field, problem in check_words(kind, words).items():
        raise WordingRefused(field=field, line=problem.line, reason=problem.reason)


def _newest(letter: str, language: str) -> Wording | None:
    rows = Wording.objects.filter(letter=letter, language=language)
    return rows.order_by("-version").first()


def _same(said: Wording, words: Words) -> bool:
    return (said.subject, said.text, said.sms) == (words.subject, words.text, words.sms)


def _write(wording: Wording, newest: Wording | None, based_on: int, by: Actor) -> int:
    """Put words in force, unless others came between: the unique version is the last judge."""
    if (newest.version if newest else 0) != based_on:
        raise WordingChanged(by=_name(newest))
    wording.version = based_on + 1
    try:
        with transaction.atomic():
            wording.save(force_insert=True)
    except IntegrityError as error:
        raise WordingChanged(by=_name(_newest(wording.letter, wording.language))) from error
    publish(
        LetterReworded(
            thread=wording.letter,
            subject=wording.letter,
            language=wording.language,
            version=wording.version,
            is_default=wording.is_default,
            by=by,
            at=wording.made_at,
        )
    )
    return wording.version


def _name(wording: Wording | None) -> str:
    return wording.by.partition(":")[2] if wording else "Somebody"
