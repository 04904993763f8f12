"""Whether two customers may be one person, on plain values."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from oms.customers.addresses import Address

PHONE_DIGITS = 9
"""So many last digits of a telephone number are compared: without country code and leading 0."""
SHORTEST_PHONE = 8
ALIKE = 0.85

EMAIL, PHONE, PLACE = "email", "phone", "place"


@dataclass(frozen=True)
class Known:
    """What is known of a customer; `places` are where their goods went."""

    name: str
    email: str = ""
    phone: str = ""
    places: Sequence[Address] = ()


def evidence(one: Known, other: Known) -> list[str]:
    """Return what speaks for one person, the strongest first; nothing where nothing does.

    The same e-mail address; the same telephone number and a similar name; the same name and the
    same postal address. A name alone says nothing.
    """
    found = []
    if one.email and one.email.casefold() == other.email.casefold():
        found.append(EMAIL)
    phone = phone_key(one.phone)
    if phone and phone == phone_key(other.phone) and are_alike(one.name, other.name):
        found.append(PHONE)
    if name_key(one.name) == name_key(other.name):
        theirs = {place_key(each) for each in other.places} - {None}
        if theirs & {place_key(each) for each in one.places}:
            found.append(PLACE)
    return found


def phone_key(phone: str) -> str:
    """Return what is compared of a telephone number; nothing of one that is too short."""
    digits = re.sub(r"\D", "", phone, flags=re.ASCII)
    return digits[-PHONE_DIGITS:] if len(digits) >= SHORTEST_PHONE else ""


def name_key(name: str) -> str:
    """Return a name without accents, case, punctuation, and the order of its words."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(char if char.isalnum() else " " for char in plain if not _is_mark(char))
    return " ".join(sorted(letters.split()))


def are_alike(one: str, other: str) -> bool:
    """Whether two names may be one, written by two hands: J. Vale, Jo Vale."""
    first, second = name_key(one), name_key(other)
    if not first or not second:
        return False
    if first == second or SequenceMatcher(None, first, second).ratio() >= ALIKE:
        return True
    fewer, more = sorted((first.split(), second.split()), key=len)
    return len(fewer) > 1 and all(any(_fits(word, each) for each in more) for word in fewer)


def place_key(address: Address) -> tuple[str, str, str] | None:
    """Return what is compared of an address; None of one without a street or a place."""
    line = name_key(address.line1)
    place = "".join(address.postal_code.split()).casefold() or name_key(address.city)
    return (address.country, place, line) if line and place else None


def _fits(word: str, other: str) -> bool:
    """Whether two words are one, or one is the initial of the other."""
    shorter, longer = sorted((word, other), key=len)
    return shorter == longer or (len(shorter) == 1 and longer.startswith(shorter))


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) == "Mn"
