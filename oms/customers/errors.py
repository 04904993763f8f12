from dataclasses import dataclass

from oms.core.errors import Conflict, Missing


@dataclass(eq=False)
class CustomerNotFound(Missing):
    customer: str

    message = "There is no customer {customer}."


@dataclass(eq=False)
class MergeNotFound(Missing):
    merge: str

    message = "There is no merge {merge}."


@dataclass(eq=False)
class SamePersonAlready(Conflict):
    customer: str
    other: str

    message = "{customer} and {other} are one person already."


@dataclass(eq=False)
class StandsForACompany(Conflict):
    """What a company owes and agreed hangs on its customer: it is no person's."""

    customer: str

    message = "{customer} stands for a company: it is never one with another."


@dataclass(eq=False)
class MergeUndone(Conflict):
    merge: str

    message = "{merge} was taken back already."


@dataclass(eq=False)
class MergeBuiltUpon(Conflict):
    """A later merge moved the same customers on."""

    merge: str
    later: str

    message = "{merge} cannot be taken back before {later}, which was built upon it."
