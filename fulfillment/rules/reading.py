"""Reading a rule book: a document of plain values, as staff keep and exchange it.

`docs/routing.md` tells field by field what it may say. What is not known is refused with its
place, all of it at once. Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from fulfillment.errors import BadRules
from fulfillment.rules.routing import (
    KIND,
    MOST_PARTS,
    Limits,
    Routing,
    RuleBook,
    Step,
    Weights,
    When,
    plain_code,
)
from inventory.states import LocationKind
from oms.core.money import ZERO

T = TypeVar("T")
SERVING = (LocationKind.WAREHOUSE, LocationKind.STORE)
LARGEST = Decimal(1_000_000_000)


def parse(document: object, *, version: int = 0) -> RuleBook:
    """Return the rule book that a document says.

    Raises: BadRules, with every place that is wrong.
    """
    reading = _Reading()
    top = reading.record(document, "", ("groups", "routings"))
    groups = {
        str(name): reading.texts(codes, f"/groups/{name}")
        for name, codes in reading.record(top.get("groups", {}), "/groups", None).items()
    }
    for name, members in groups.items():
        if nested := [each for each in members if each in groups]:
            reading.wrong(f"/groups/{name}", f"{nested[0]} is a group itself")
        if name.startswith(KIND) or not name.strip():
            reading.wrong(f"/groups/{name}", "is not a name of a group")
    routings = tuple(
        _routing(reading, each, f"/routings/{nth}", groups)
        for nth, each in enumerate(reading.items(top.get("routings", []), "/routings"))
    )
    if "routings" not in top or not routings:
        reading.wrong("/routings", "names no routing")
    _twins(reading, [each.name for each in routings], "/routings")
    if reading.problems:
        raise BadRules(problems=[f"{place}: {reason}" for place, reason in reading.problems])
    return RuleBook(routings, groups, version)


def _routing(
    reading: "_Reading", said: object, at: str, groups: Mapping[str, tuple[str, ...]]
) -> Routing:
    row = reading.record(said, at, ("name", "when", "steps", "rest", "cancel_after_days"))
    steps = tuple(
        _step(reading, each, f"{at}/steps/{nth}", groups)
        for nth, each in enumerate(reading.items(row.get("steps", []), f"{at}/steps"))
    )
    rest = reading.choice(row, "rest", at, ("wait", "park"), "wait")
    if not steps and rest != "park":
        reading.wrong(f"{at}/steps", "names no step")
    _twins(reading, [each.name for each in steps], f"{at}/steps")
    return Routing(
        name=reading.name(row, at),
        when=_when(reading, row.get("when", {}), f"{at}/when"),
        steps=steps,
        is_parked=rest == "park",
        cancel_after_days=reading.count(row, "cancel_after_days", at, least=1),
    )


def _when(reading: "_Reading", said: object, at: str) -> When:
    row = reading.record(said, at, tuple(When.__dataclass_fields__))
    found = When(
        channels=frozenset(reading.texts(row.get("channels", []), f"{at}/channels")),
        services=frozenset(
            each.casefold() for each in reading.texts(row.get("services", []), f"{at}/services")
        ),
        tags=frozenset(reading.texts(row.get("tags", []), f"{at}/tags")),
        countries=frozenset(reading.texts(row.get("countries", []), f"{at}/countries")),
        postal_codes=tuple(
            plain_code(each)
            for each in reading.texts(row.get("postal_codes", []), f"{at}/postal_codes")
        ),
        priority_at_least=reading.count(row, "priority_at_least", at),
        value_at_least=reading.amount(row, "value_at_least", at),
        value_below=reading.amount(row, "value_below", at),
        currency=reading.text(row, "currency", at),
        arrives_within_days=reading.count(row, "arrives_within_days", at),
    )
    for country in found.countries:
        if len(country) != 2 or not country.isalpha() or not country.isupper():
            reading.wrong(f"{at}/countries", f"{country} is not a country such as NL")
    if any(not each for each in found.postal_codes):
        reading.wrong(f"{at}/postal_codes", "one of them says nothing")
    least, below = found.value_at_least, found.value_below
    if not found.currency and (least, below) != (None, None):
        reading.wrong(f"{at}/currency", "is needed where a value is said")
    if least is not None and below is not None and below <= least:
        reading.wrong(f"{at}/value_below", "no value is that small and that large")
    return found


def _step(
    reading: "_Reading", said: object, at: str, groups: Mapping[str, tuple[str, ...]]
) -> Step:
    row = reading.record(
        said,
        at,
        ("name", "from", "limits", "allocate", "parts", "part_value_at_least", "weights"),
    )
    limits = reading.record(
        row.get("limits", {}), f"{at}/limits", tuple(Limits.__dataclass_fields__)
    )
    weights = reading.record(
        row.get("weights", {}), f"{at}/weights", tuple(Weights.__dataclass_fields__)
    )
    sources = reading.texts(row.get("from", []), f"{at}/from")
    for each in sources:
        if each.startswith(KIND) and each.removeprefix(KIND) not in SERVING and each not in groups:
            reading.wrong(f"{at}/from", f"{each} is no kind of location that serves orders")
    where = f"{at}/limits"
    return Step(
        name=reading.name(row, at),
        sources=sources,
        limits=Limits(
            max_distance_km=reading.amount(limits, "max_distance_km", where),
            keep_back=reading.count(limits, "keep_back", where) or 0,
            has_capacity=reading.flag(limits, "has_capacity", where),
            leaves_today=reading.flag(limits, "leaves_today", where),
            in_time=reading.flag(limits, "in_time", where),
            lot_days=reading.count(limits, "lot_days", where),
        ),
        is_whole=reading.choice(row, "allocate", at, ("all", "part"), "all") == "all",
        parts=reading.count(row, "parts", at, least=1, most=MOST_PARTS) or 1,
        part_value=reading.amount(row, "part_value_at_least", at) or ZERO,
        weights=Weights(
            **{name: reading.amount(weights, name, f"{at}/weights") or ZERO for name in weights}
        ),
    )


def _twins(reading: "_Reading", names: Sequence[str], at: str) -> None:
    for nth, name in enumerate(names):
        if name and name in names[:nth]:
            reading.wrong(f"{at}/{nth}/name", f"{name} stands there already")


class _Reading:
    """Reads plain values, and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, str]] = []

    def wrong(self, at: str, reason: str) -> None:
        self.problems.append((at or "/", reason))

    def record(self, said: object, at: str, known: Sequence[str] | None) -> Mapping[str, Any]:
        if not isinstance(said, dict):
            self.wrong(at, "is not a record of fields")
            return {}
        for name in said:
            if known is not None and name not in known:
                self.wrong(f"{at}/{name}", "is not known here")
        return {name: value for name, value in said.items() if known is None or name in known}

    def items(self, said: object, at: str) -> Sequence[object]:
        if not isinstance(said, list):
            self.wrong(at, "is not a list")
            return []
        return said

    def texts(self, said: object, at: str) -> tuple[str, ...]:
        found = []
        for each in self.items(said, at):
            if isinstance(each, str) and each.strip():
                found.append(each.strip())
            else:
                self.wrong(at, f"{each!r} is not a text")
        return tuple(found)

    def name(self, row: Mapping[str, Any], at: str) -> str:
        found = self.text(row, "name", at)
        if not found:
            self.wrong(f"{at}/name", "is needed")
        return found

    def text(self, row: Mapping[str, Any], name: str, at: str) -> str:
        return self._read(row, name, at, "a text of at most 100 characters", _text) or ""

    def count(
        self,
        row: Mapping[str, Any],
        name: str,
        at: str,
        *,
        least: int = 0,
        most: int = 1_000_000,
    ) -> int | None:
        def whole(said: object) -> int:
            if type(said) is not int or not least <= said <= most:
                raise ValueError
            return said

        return self._read(row, name, at, f"a whole number from {least} to {most}", whole)

    def amount(self, row: Mapping[str, Any], name: str, at: str) -> Decimal | None:
        return self._read(row, name, at, "a number of 0 or more, as a text", _amount)

    def flag(self, row: Mapping[str, Any], name: str, at: str) -> bool:
        return bool(self._read(row, name, at, "true or false", _flag))

    def choice(
        self, row: Mapping[str, Any], name: str, at: str, known: Sequence[str], usual: str
    ) -> str:
        def one(said: object) -> str:
            if said not in known:
                raise ValueError
            return str(said)

        return self._read(row, name, at, " or ".join(known), one) or usual

    def _read(
        self,
        row: Mapping[str, Any],
        name: str,
        at: str,
        what: str,
        read: Callable[[object], T],
    ) -> T | None:
        if row.get(name) is None:
            return None
        try:
            return read(row[name])
        except (ValueError, InvalidOperation):
            self.wrong(f"{at}/{name}", f"is not {what}")
            return None


def _text(said: object) -> str:
    if not isinstance(said, str) or len(said.strip()) > 100 or "\0" in said:
        raise ValueError
    return said.strip()


def _amount(said: object) -> Decimal:
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        raise ValueError
    found = Decimal(str(said))
    if not found.is_finite() or not 0 <= found <= LARGEST:
        raise ValueError
    return found.quantize(Decimal("0.001"))


def _flag(said: object) -> bool:
    if not isinstance(said, bool):
        raise ValueError
    return said
