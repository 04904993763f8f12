"""Filling the words of a letter: those that staff wrote, or the ones in its file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string

from oms.channels.models import Channel
from oms.messaging import selectors
from oms.messaging.letters.envelopes import Attachment, Letter
from oms.messaging.letters.kinds import LetterKind
from oms.messaging.rules import markup, wording
from oms.messaging.rules.wording import NotReadable

HEADER = re.compile(r"(Subject|SMS):[ \t]*(.*)")
LONGEST_SMS = 480
ENGLISH = "en"


@dataclass(frozen=True)
class Words:
    """What a letter says in one language; `version` is 0 for the words in its file."""

    subject: str
    text: str
    sms: str = ""
    language: str = ENGLISH
    version: int = 0


@dataclass(frozen=True)
class Filled:
    """Words with their values in them."""

    subject: str
    text: str
    html: str
    sms: str
    body: str


def write(
    kind: LetterKind,
    values: Mapping[str, Any],
    *,
    recipients: tuple[str, ...],
    thread: str = "",
    language: str = ENGLISH,
    phone: str = "",
    attachments: tuple[Attachment, ...] = (),
) -> Letter:
    """Return the letter in the words in force, in the reader's language where there are some.

    Values that the letter does not declare are left out. Words of staff that no longer fit fall
    back to the ones in the file, and `fault` says so.
    """
    words = words_in_force(kind, language)
    fault = ""
    try:
        filled = filled_in(kind, words, values)
    except NotReadable as problem:
        fault = f"Line {problem.line}: {problem.reason}"
        words = words_of_file(kind, words.language)
        filled = filled_in(kind, words, values)
    return Letter(
        recipients=recipients,
        subject=filled.subject,
        text=filled.text,
        html=filled.html,
        thread=thread,
        language=words.language,
        attachments=attachments,
        sms=filled.sms,
        phone=phone,
        fault=fault,
    )


def write_to_customer(
    kind: LetterKind, values: Mapping[str, Any], *, channel: Channel, **envelope: Any
) -> Letter | None:
    """Return a letter to a customer of a channel; None where its customers do not get this one."""
    if kind.key in channel.letters_off:
        return None
    return write(kind, values, **envelope)


def check_words(kind: LetterKind, words: Words) -> dict[str, NotReadable]:
    """Return what is wrong with words, by where: `subject`, `text`, `sms`."""
    found = {}
    for name in ("subject", "text", "sms"):
        try:
            wording.check(getattr(words, name), kind.declared)
        except NotReadable as problem:
            found[name] = problem
    return found


def filled_in(kind: LetterKind, words: Words, values: Mapping[str, Any]) -> Filled:
    """Fill words that may have been written for an older letter.

    Raises: NotReadable.
    """
    for problem in check_words(kind, words).values():
        raise problem
    known = {name: values.get(name, "") for name in kind.variables}
    subject = markup.as_line(wording.fill(words.subject, known))
    body = wording.fill(words.text, known)
    if not subject or not body.strip():
        raise NotReadable(1, "It came out empty.")
    inside = markup.as_html(body)
    html = render_to_string(
        "messaging/letters/letter.html",
        {
            "body": inside,
            "subject": subject,
            "from_whom": values.get("shop") or getattr(settings, "SHELL_BRAND", ""),
            "language": words.language,
        },
    )
    sms = markup.as_line(wording.fill(words.sms, known))[:LONGEST_SMS]
    return Filled(subject, markup.as_text(body), html.strip(), sms, inside)


def words_in_force(kind: LetterKind, language: str) -> Words:
    """Return what a reader of `language` is told: by staff, by a file, else in English. One query.

    What staff say in the reader's language comes before its file, a file in it before English.
    """
    tried = languages_for(language)
    said = selectors.wordings_in_force(kind.key, tried)
    for each in tried:
        found = said.get(each)
        if found and not found.is_default:
            return Words(found.subject, found.text, found.sms, each, found.version)
        if _source(kind, each):
            break
    return words_of_file(kind, each)


def languages_for(language: str) -> list[str]:
    """Return the languages to look for, best first: pt-BR, pt, en."""
    exact = language.lower() or ENGLISH
    return list(dict.fromkeys([exact, exact.partition("-")[0], ENGLISH]))


def words_of_file(kind: LetterKind, language: str) -> Words:
    """Return the words that come along, in `language` or in English."""
    for each in languages_for(language):
        if source := _source(kind, each):
            return _parsed(source, each)
    raise TemplateDoesNotExist(f"{kind.template}.txt")


@lru_cache(maxsize=1024)
def _source(kind: LetterKind, language: str) -> str:
    """The file of a letter in one language: English is the one without a language in its name."""
    name = f"{kind.template}.txt" if language == ENGLISH else f"{kind.template}.{language}.txt"
    try:
        template: Any = get_template(name)
    except TemplateDoesNotExist:
        return ""
    return str(template.template.source)


def _parsed(source: str, language: str) -> Words:
    """Read a file: `Subject:` and `SMS:` on top, an empty line, the text."""
    head, _, text = source.replace("\r\n", "\n").partition("\n\n")
    found = {name: said.strip() for name, said in HEADER.findall(head)}
    return Words(found.get("Subject", ""), text.strip() + "\n", found.get("SMS", ""), language)
