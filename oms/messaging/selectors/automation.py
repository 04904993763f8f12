import functools
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from oms.core.events import Event
from oms.messaging.models import WebhookEndpoint
from oms.messaging.rules.facts import PUBLIC_FACTS
from oms.messaging.states import EndpointState


@dataclass(frozen=True)
class Step:
    """Something that happens, and what the house does about it, in words."""

    fact: str
    words: str
    reactions: tuple[str, ...]


@functools.cache
def automation(*, told: tuple[str, ...] = ()) -> tuple[tuple[str, tuple[Step, ...]], ...]:
    """Return what happens by itself, chapter by chapter of the customer's journey.

    Listed are the facts that have reactions, and those `told` by letters. No query: this is what
    the pages of the roof say.
    """
    wanted = [*settings.REACTIONS, *(fact for fact in told if fact not in settings.REACTIONS)]
    named = {fact for chapter in settings.JOURNEY.values() for fact in chapter}
    chapters = {**settings.JOURNEY, "Also": {}}
    chapters["Also"] = {fact: _plainly(fact) for fact in wanted if fact not in named}
    found = []
    for chapter, facts in chapters.items():
        steps = tuple(
            Step(fact, words, tuple(sentence(path) for path in settings.REACTIONS.get(fact, ())))
            for fact, words in facts.items()
            if fact in wanted
        )
        if steps:
            found.append((chapter, steps))
    return tuple(found)


def listening() -> Callable[[str], int]:
    """Return how many webhooks hear of a fact, for any fact. One query."""
    enabled = WebhookEndpoint.objects.filter(state=EndpointState.ENABLED)
    wanted = list(enabled.values_list("types", flat=True))

    def count(fact: str) -> int:
        if fact not in PUBLIC_FACTS:
            return 0
        return sum(not types or fact in types for types in wanted)

    return count


def sentence(path: str) -> str:
    """Return what a reaction does: the first sentence of its docstring."""
    said = inspect.getdoc(import_string(path)) or ""
    first = re.split(r"(?<=\.)\s", " ".join(said.split("\n\n")[0].split()))[0]
    return first or _plainly(path.rpartition(".")[2])


def _plainly(name: str) -> str:
    """A name as words, or what its class says of a fact."""
    for kind in _facts(Event):
        if vars(kind).get("name") == name and kind.__doc__ and "(*" not in kind.__doc__:
            return re.split(r"(?<=\.)\s", inspect.cleandoc(kind.__doc__))[0].rstrip(".")
    return name.replace(".", " ").replace("_", " ").capitalize()


def _facts(kind: type[Event]) -> Iterator[type[Event]]:
    for each in kind.__subclasses__():
        yield each
        yield from _facts(each)
