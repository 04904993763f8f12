"""People: the customers that are one, and those that may be."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from oms.customers.models import Customer, CustomerMatch, CustomerMerge
from oms.customers.states import MatchState


def person_of(number: str) -> Customer | None:
    """Return the customer who stands for the person of `number` (CU-…). One query."""
    digits = number.removeprefix("CU-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        return None
    found = Customer.objects.select_related("same_as").filter(pk=int(digits)).first()
    return (found.same_as or found) if found else None


def rows_of_person(person: Customer) -> list[Customer]:
    """Return the person as every channel knows them, the one who stands for them first."""
    others = Customer.objects.filter(same_as=person).order_by("origin", "pk")
    return [person, *others]


def open_matches(keys: Sequence[int] | None = None) -> QuerySet[CustomerMatch]:
    """Return pairs that somebody should look at, of these customers or of all."""
    rows = CustomerMatch.objects.filter(state=MatchState.OPEN)
    if keys is not None:
        rows = rows.filter(Q(first__in=keys) | Q(second__in=keys))
    return rows.select_related("first", "second")


def merge_named(number: str) -> CustomerMerge | None:
    """Return a merge with the customer it was made into."""
    return CustomerMerge.objects.select_related("kept").filter(number=number).first()


def merges_of(keys: Sequence[int]) -> list[CustomerMerge]:
    """Return the merges into these customers, the newest first."""
    return list(CustomerMerge.objects.filter(kept__in=keys).order_by("-id"))
