"""Spreading counted units over the lines they may belong to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Open:
    """A line that still lacks units of a SKU."""

    key: int
    sku: str
    left: int


@dataclass(frozen=True)
class Spread:
    """Units by line key; `over` are those that no line lacks, by SKU."""

    units: dict[int, int]
    over: dict[str, int]


def spread(counted: Iterable[tuple[str, int]], lines: Sequence[Open]) -> Spread:
    """Give each counted unit to the first line of its SKU that lacks one."""
    units: dict[int, int] = {}
    over: dict[str, int] = {}
    for sku, quantity in counted:
        rest = quantity
        for line in lines:
            if line.sku != sku or not rest:
                continue
            taken = min(rest, line.left - units.get(line.key, 0))
            if taken:
                units[line.key] = units.get(line.key, 0) + taken
                rest -= taken
        if rest:
            over[sku] = over.get(sku, 0) + rest
    return Spread(units, over)


@dataclass(frozen=True)
class Taken:
    """Units, and where they were taken from; empty where that was not said."""

    units: int
    bin: str = ""
    lot: str = ""


def hand_out(said: list[Taken], units: int) -> list[Taken]:
    """Return `units` as parts of what was said, which loses them; the rest has no place."""
    parts = []
    while units and said:
        first = said.pop(0)
        part = min(units, first.units)
        parts.append(Taken(part, first.bin, first.lot))
        if first.units > part:
            said.insert(0, Taken(first.units - part, first.bin, first.lot))
        units -= part
    return [*parts, Taken(units)] if units else parts
