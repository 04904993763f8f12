"""Changes of a rule book's document, as the pages make them: each returns a new one. Pure."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeVar

Document = dict[str, Any]
Row = dict[str, Any]
T = TypeVar("T")


def routings_of(document: Mapping[str, Any]) -> list[Row]:
    return list(document.get("routings", []))


def steps_of(document: Mapping[str, Any], routing: int) -> list[Row]:
    return list(routings_of(document)[routing].get("steps", []))


def with_routing(document: Document, routing: int | None, said: Row) -> Document:
    """Have a routing, the `routing`th or a new one before the last, say this; its steps stay.

    The last one is most often for every order: one that stood after it would never be used.
    """
    changed = deepcopy(document)
    rows = changed["routings"]
    if routing is None:
        rows.insert(max(0, len(rows) - 1), said)
    else:
        rows[routing] = {**said, "steps": rows[routing].get("steps", [])}
    return changed


def with_step(document: Document, routing: int, step: int | None, said: Row) -> Document:
    """Have a step of a routing, the `step`th or a new one at its end, say this."""
    changed = deepcopy(document)
    rows = changed["routings"][routing].setdefault("steps", [])
    if step is None:
        rows.append(said)
    else:
        rows[step] = said
    return changed


def with_group(document: Document, name: str, said: str, members: Sequence[str]) -> Document:
    """Have the group `name` (empty: a new one) be called `said` with these members; steps that
    are served from it follow its name."""
    changed = deepcopy(document)
    groups = {
        (said if each == name else each): (list(members) if each == name else kept)
        for each, kept in changed.get("groups", {}).items()
    }
    groups[said] = list(members)
    changed["groups"] = groups
    if name and name != said:
        for routing in changed["routings"]:
            for step in routing.get("steps", []):
                if "from" in step:
                    step["from"] = [said if each == name else each for each in step["from"]]
    return changed


def without_group(document: Document, name: str) -> Document:
    changed = deepcopy(document)
    changed.get("groups", {}).pop(name, None)
    return changed


def users_of(document: Mapping[str, Any], group: str) -> list[str]:
    """Return the steps that are served from a group: routing and step, by name."""
    return [
        f"{routing['name']}: {step['name']}"
        for routing in routings_of(document)
        for step in routing.get("steps", [])
        if group in step.get("from", [])
    ]


def arranged(document: Document, verb: str, routing: int, step: int | None = None) -> Document:
    """Move a routing, or one of its steps, `up` or `down`, or `remove` it."""
    changed = deepcopy(document)
    rows, nth = changed["routings"], routing
    if step is not None:
        rows, nth = rows[routing]["steps"], step
    row = rows.pop(nth)
    if verb != "remove":
        rows.insert(max(0, nth - 1 if verb == "up" else nth + 1), row)
    return changed
