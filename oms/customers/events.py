"""The facts this app makes known: numbers only, nothing about people."""

from dataclasses import dataclass

from oms.core.events import Event


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Event):
    """Somebody said that customers are one person; `kept` stands for the others."""

    name = "customers.merged"
    kept: str
    others: list[str]
    evidence: list[str]


@dataclass(frozen=True, kw_only=True)
class CustomersMergeUndone(Event):
    """They are several again, as they were before."""

    name = "customers.merge_undone"
    kept: str
    others: list[str]
