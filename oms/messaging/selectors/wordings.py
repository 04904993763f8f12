from collections.abc import Sequence

from oms.messaging.models import LetterSwitch, Wording
from oms.messaging.states import Medium


def wordings_in_force(letter: str, languages: Sequence[str]) -> dict[str, Wording]:
    """Return the newest words of a letter by language, where staff wrote any. One query."""
    rows = Wording.objects.filter(letter=letter, language__in=languages)
    newest = rows.order_by("language", "-version").distinct("language")
    return {each.language: each for each in newest}


def wordings_of(letter: str, *, limit: int = 200) -> list[Wording]:
    """Return what a letter has said, newest first. One query."""
    return list(Wording.objects.filter(letter=letter).order_by("-made_at", "-id")[:limit])


def switches() -> dict[tuple[str, str], bool]:
    """Return what people have decided, by letter and medium. One query."""
    rows = LetterSwitch.objects.values_list("letter", "medium", "is_on")
    return {(letter, medium): is_on for letter, medium, is_on in rows}


def switches_of(letter: str) -> dict[tuple[str, str], bool]:
    """Return what people have decided about one letter. One query."""
    rows = LetterSwitch.objects.filter(letter=letter).values_list("medium", "is_on")
    return {(letter, medium): is_on for medium, is_on in rows}


def is_on(letter: str, medium: str, decided: dict[tuple[str, str], bool]) -> bool:
    """Whether a letter goes by a medium: e-mail unless switched off, others when switched on."""
    return decided.get((letter, medium), medium == Medium.EMAIL)
