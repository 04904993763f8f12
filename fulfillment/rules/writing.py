"""A rule book as the document it is kept and exchanged as: `parse` reads it back. Pure."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from fulfillment.rules.routing import Limits, Routing, RuleBook, Step, Weights, When


def document_of(book: RuleBook) -> dict[str, Any]:
    """Return what a rule book says, what it does not say left out."""
    groups = {name: list(members) for name, members in book.groups.items()}
    document: dict[str, Any] = {"groups": groups} if groups else {}
    document["routings"] = [_routing(each) for each in book.routings]
    return document


def _routing(routing: Routing) -> dict[str, Any]:
    said: dict[str, Any] = {"name": routing.name}
    if when := _said(routing.when, When()):
        said["when"] = when
    said["steps"] = [_step(each) for each in routing.steps]
    said["rest"] = "park" if routing.is_parked else "wait"
    if routing.cancel_after_days is not None:
        said["cancel_after_days"] = routing.cancel_after_days
    return said


def _step(step: Step) -> dict[str, Any]:
    said: dict[str, Any] = {"name": step.name}
    if step.sources:
        said["from"] = list(step.sources)
    if limits := _said(step.limits, Limits()):
        said["limits"] = limits
    said["allocate"] = "all" if step.is_whole else "part"
    said["parts"] = step.parts
    if step.part_value:
        said["part_value_at_least"] = plain(step.part_value)
    said["weights"] = _said(step.weights, Weights())
    return said


def _said(row: When | Limits | Weights, nothing: When | Limits | Weights) -> dict[str, Any]:
    usual = asdict(nothing)
    return {name: _value(value) for name, value in asdict(row).items() if value != usual[name]}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


def plain(number: Decimal) -> str:
    """Return a number without zeros that say nothing."""
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
