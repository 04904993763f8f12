from dataclasses import replace

from oms.messaging.letters.envelopes import Letter
from oms.messaging.letters.kinds import letter_kinds
from oms.messaging.letters.writing import Words, filled_in


def trial(*, letter: str, language: str, subject: str, text: str, to: str) -> Letter | None:
    """A letter with sample values, to the colleague who is working on its words."""
    kind = letter_kinds().get(letter)
    if kind is None:
        return None
    words = Words(subject, text, language=language)
    filled = filled_in(kind, words, kind.sample)
    sent = Letter((to,), f"[Test] {filled.subject}", filled.text, filled.html)
    return replace(sent, language=language)
