"""Documents printed from the code, so that they cannot say something else."""

import importlib
import inspect
import re
from collections.abc import Iterator
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings
from django.utils.module_loading import import_string

from oms.core.events import Event
from oms.core.states import Lifecycle

OWN = ("oms.", "inventory", "orders", "fulfillment", "returns", "b2b")
PRINTED = "Printed from the code by `python manage.py print_docs`; do not edit by hand."


def documents() -> dict[str, str]:
    """Return the printed documents by file name."""
    return {"lifecycles.md": lifecycles(), "reactions.md": reactions()}


def lifecycles() -> str:
    """Every lifecycle as a table and a picture."""
    parts = [
        "# Lifecycles",
        PRINTED,
        "A verb applies in the states it may start from, and leads to one. Everything else is "
        "refused with 409 `transition_not_allowed`.",
    ]
    for app, subject, lifecycle in _lifecycles():
        rows = ["| Verb | From | To |", "|---|---|---|"]
        for verb, (sources, target) in lifecycle.moves.items():
            froms = ", ".join(f"`{each}`" for each in _in_order(sources, lifecycle))
            rows.append(f"| `{verb}` | {froms} | `{target}` |")
        parts += [
            f"## {subject[0].upper()}{subject[1:]}",
            f"In `{app}`.",
            "\n".join(rows),
            _picture(lifecycle),
        ]
    return "\n\n".join(parts) + "\n"


def reactions() -> str:
    """What happens next, fact by fact."""
    facts = {event.name: event for event in _events()}
    parts = [
        "# Reactions",
        PRINTED,
        "What the system does when something has happened, in this order, in the transaction in "
        "which it became true. The page itself is `oms/reactions.py`.",
    ]
    for name, paths in settings.REACTIONS.items():
        steps = [f"{nth}. {_in_words(path)} (`{path}`)" for nth, path in enumerate(paths, start=1)]
        about = _first_sentence(facts[name]) if name in facts else ""
        parts += [f"## `{name}`", *([about] if about else []), "\n".join(steps)]
    alone = sorted(name for name in facts if name not in settings.REACTIONS)
    parts += [
        "## Facts that are only recorded",
        "\n".join(f"- `{name}` {_first_sentence(facts[name])}".rstrip() for name in alone),
    ]
    return "\n\n".join(parts) + "\n"


def _modules(name: str) -> Iterator[tuple[str, ModuleType]]:
    """Yield the module `name` of every app of ours that has one, lowest floor first."""
    for app in settings.INSTALLED_APPS:
        if app.startswith(OWN) and find_spec(f"{app}.{name}"):
            yield app, importlib.import_module(f"{app}.{name}")


def _lifecycles() -> list[tuple[str, str, Lifecycle]]:
    found = []
    for file in ("states", "settling"):
        for app, module in _modules(file):
            for value in vars(module).values():
                if isinstance(value, Lifecycle):
                    found.append((f"{app}.{file}", value.subject, value))
    return sorted(found, key=lambda each: list(OWN).index(_floor(each[0])))


def _floor(path: str) -> str:
    return next(floor for floor in OWN if path.startswith(floor))


def _in_order(sources: frozenset[str], lifecycle: Lifecycle) -> list[str]:
    states = list(dict.fromkeys(_states(lifecycle)))
    return sorted(map(str, sources), key=states.index)


def _states(lifecycle: Lifecycle) -> Iterator[str]:
    """Yield the states in the order of a document's life: the enum's own."""
    for sources, target in lifecycle.moves.values():
        yield from map(str, getattr(type(target), "__members__", {}).values())
        yield from sorted(map(str, sources))
        yield str(target)


def _picture(lifecycle: Lifecycle) -> str:
    arrows: dict[tuple[str, str], list[str]] = {}
    for verb, (sources, target) in lifecycle.moves.items():
        for source in _in_order(sources, lifecycle):
            arrows.setdefault((source, str(target)), []).append(verb)
    lines = [
        f"    {source} --> {target}: {', '.join(verbs)}"
        for (source, target), verbs in arrows.items()
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def _events() -> list[type[Event]]:
    """Return the facts that the apps declare, by their `events` modules (and our own jobs')."""
    homes = {module.__name__ for file in ("events", "settling") for _, module in _modules(file)}
    known = [*Event.__subclasses__()]
    for kind in known:
        known += kind.__subclasses__()
    named = {kind.name: kind for kind in known if "name" in vars(kind)}
    return [kind for kind in named.values() if kind.__module__ in homes]


def _first_sentence(thing: object) -> str:
    """Return the first sentence of a docstring; dataclasses write signatures as theirs."""
    text = inspect.getdoc(thing) or ""
    if isinstance(thing, type) and text.startswith(f"{thing.__name__}("):
        return ""
    return re.split(r"(?<=[.!?])\s", " ".join(text.split()), maxsplit=1)[0]


def _in_words(path: str) -> str:
    """What a reaction does: its docstring says it, or its name."""
    name = path.rpartition(".")[2].replace("_", " ")
    return _first_sentence(import_string(path)) or f"{name[0].upper()}{name[1:]}."
