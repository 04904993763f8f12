"""What the apps write and the post office delivers."""

from oms.messaging.letters.envelopes import LONGEST_SUBJECT, Attachment, Letter, NoSuchAddress
from oms.messaging.letters.kinds import LetterKind, Variable, kind_written_by, letter_kinds
from oms.messaging.letters.writing import (
    Filled,
    Words,
    check_words,
    filled_in,
    words_in_force,
    words_of_file,
    write,
    write_to_customer,
)

__all__ = [
    "LONGEST_SUBJECT",
    "Attachment",
    "Filled",
    "Letter",
    "LetterKind",
    "NoSuchAddress",
    "Variable",
    "Words",
    "check_words",
    "filled_in",
    "kind_written_by",
    "letter_kinds",
    "words_in_force",
    "words_of_file",
    "write",
    "write_to_customer",
]
