"""Lifecycles as tables.

A lifecycle is data: a verb, the states it may start from, the state it ends in. Screens ask it
which buttons to show, services ask it for the next state, and `docs/lifecycles.md` is printed
from it. It never touches the database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oms.core.errors import Conflict


@dataclass(eq=False)
class TransitionNotAllowed(Conflict):
    """The verb does not apply in this state."""

    subject: str
    verb: str
    state: str

    message = "Cannot {verb}: the {subject} is {state}."


class Lifecycle:
    """The legal moves of one kind of document."""

    def __init__(self, subject: str, moves: Mapping[str, tuple[Iterable[str], str]]) -> None:
        self.subject = subject
        self.moves = {
            verb: (frozenset(sources), target) for verb, (sources, target) in moves.items()
        }

    def after(self, verb: str, state: str) -> str:
        """Return the state that `verb` leads to.

        Raises `TransitionNotAllowed` when `verb` does not apply in `state`.
        """
        sources, target = self.moves[verb]
        if state not in sources:
            raise TransitionNotAllowed(subject=self.subject, verb=verb, state=state)
        return target

    def verbs(self, state: str) -> list[str]:
        """Return what may be done next, in table order."""
        return [verb for verb, (sources, _) in self.moves.items() if state in sources]

    def allows(self, verb: str, state: str) -> bool:
        return state in self.moves[verb][0]
