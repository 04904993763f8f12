"""A letter as a value: what the apps write and the post office delivers."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.validators import validate_email

LONGEST_SUBJECT = 300
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class NoSuchAddress(ValueError):
    """A recipient is no e-mail address; sending again will not help."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes along: its bytes, or the path in storage it is read from when it goes."""

    name: str
    content_type: str
    content: bytes = field(default=b"", repr=False)
    path: str = ""

    def read(self) -> bytes:
        """Return the bytes; a file that is not there yet is an `OSError`, and tried again."""
        if not self.path:
            return self.content
        with default_storage.open(self.path) as file:
            return bytes(file.read())


@dataclass(frozen=True)
class Letter:
    """A letter, ready to go. `thread` is the order (or other document) it is about.

    `sms` is what it says in short, to `phone`; `fault` why the words of staff were not used.

    Its subject is one line and every recipient an address, whoever's text went into them.
    """

    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str = ""
    thread: str = ""
    language: str = "en"
    attachments: tuple[Attachment, ...] = ()
    sms: str = ""
    phone: str = ""
    fault: str = ""

    def __post_init__(self) -> None:
        one_line = " ".join("".join(c if c.isprintable() else " " for c in self.subject).split())
        object.__setattr__(self, "subject", one_line[:LONGEST_SUBJECT])
        if not LANGUAGE.fullmatch(self.language):
            object.__setattr__(self, "language", "en")
        for address in self.recipients:
            try:
                validate_email(address)
            except ValidationError as error:
                raise NoSuchAddress(f"{address!r} is no e-mail address") from error
