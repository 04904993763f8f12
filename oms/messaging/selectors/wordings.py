from collections.abc import Sequence

from oms.messaging.models import LetterSwitch, Wording
from oms.messaging.states import Medium


def wordings_in_force(letter: str, languages: Sequence[str]) -> dict[str, Wording]:
    """Return the newest words of a letter by language, where staff wrote any. One query."""
    rows = Wording.objects.filter(letter=letter, language__in=languages)
    newest = rows.order_by("language", "-version").distinct("language")
    return {each.language: each for each in newest}


def wordings_of(letter: str, language: str, *, limit: int = 50) -> list[Wording]:
    """Return what a letter has said in a language, newest first. One query."""
    rows = Wording.objects.filter(letter=letter, language=language)
    return list(rows.order_by("-version")[:limit])


def newest_version(letter: str, language: str) -> int:
    """Return the version of the newest words of a letter, 0 when it never had any but its file."""
    rows = Wording.objects.filter(letter=letter, language=language)
    return rows.order_by("-version").values_list("version", flat=True).first() or 0


def reworded() -> dict[str, list[str]]:
    """Return the languages in which staff gave a letter words that are in force. One query."""
    rows = Wording.objects.order_by("letter", "language", "-version")
    found: dict[str, list[str]] = {}
    for each in rows.distinct("letter", "language").only("letter", "language", "is_default"):
        if not each.is_default:
            found.setdefault(each.letter, []).append(each.language)
    return found


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
