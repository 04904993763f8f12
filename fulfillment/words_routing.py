"""Routing rules in plain words, and what differs between two rule books."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fulfillment.rules.routing import KIND, Routing, RuleBook, Step, When
from fulfillment.rules.writing import plain
from inventory.states import LocationKind


class Names(NamedTuple):
    """What people call locations and channels, by code."""

    locations: Mapping[str, str] = MappingProxyType({})
    channels: Mapping[str, str] = MappingProxyType({})


KINDS: Mapping[str, Callable[[], str]] = {
    LocationKind.WAREHOUSE: lambda: _("all warehouses"),
    LocationKind.STORE: lambda: _("all stores"),
}


class Said(NamedTuple):
    """One thing that a rule says: what it is about, and the words."""

    about: str
    words: str


@dataclass(frozen=True)
class StepWords:
    name: str
    says: list[Said]


@dataclass(frozen=True)
class RoutingWords:
    """A routing in words: whom it is for, its steps in their order, what happens to the rest."""

    name: str
    says: list[Said]
    steps: list[StepWords]
    rest: str


class Change(NamedTuple):
    """What differs in one place; `was` or `becomes` is empty where the place is only in one."""

    where: str
    about: str
    was: str
    becomes: str


def book_words(book: RuleBook, names: Names) -> list[RoutingWords]:
    """Return a rule book in words, a routing after the other."""
    return [
        RoutingWords(
            each.name,
            _when_words(each.when, names),
            [StepWords(step.name, step_words(book, step, names)) for step in each.steps],
            rest_words(each),
        )
        for each in book.routings
    ]


def source_words(book: RuleBook, sources: Iterable[str], names: Names) -> str:
    """Return locations, kinds and groups as people call them; a group with its members."""
    return ", ".join(_source(book, each, names) for each in sources)


def _source(book: RuleBook, source: str, names: Names) -> str:
    if members := book.groups.get(source):
        return f"{source} ({source_words(book, members, names)})"
    if source.startswith(KIND):
        return KINDS[source.removeprefix(KIND)]()
    return names.locations.get(source, source)


def _when_words(when: When, names: Names) -> list[Said]:
    found = []
    if when.channels:
        found.append(
            Said(_("Channel"), _either(names.channels.get(each, each) for each in when.channels))
        )
    if when.services:
        found.append(Said(_("Service"), _either(when.services)))
    if when.tags:
        found.append(Said(_("Tag"), _either(when.tags)))
    if when.countries:
        found.append(Said(_("Country"), _either(when.countries)))
    if when.postal_codes:
        codes = _either(when.postal_codes)
        found.append(Said(_("Postal code"), _("begins with {codes}").format(codes=codes)))
    if when.priority_at_least is not None:
        found.append(Said(_("Priority"), _("{n} or more").format(n=when.priority_at_least)))
    if value := _value_words(when):
        found.append(Said(_("Value"), value))
    elif when.currency:
        found.append(Said(_("Currency"), when.currency))
    if (days := when.arrives_within_days) is not None:
        words = ngettext(
            "within {n} day of being decided", "within {n} days of being decided", days
        )
        found.append(Said(_("Promised"), words.format(n=days)))
    return found


def _value_words(when: When) -> str:
    least, below, currency = when.value_at_least, when.value_below, when.currency
    if least is not None and below is not None:
        return _("from {least} to below {below} {currency}").format(
            least=plain(least), below=plain(below), currency=currency
        )
    if least is not None:
        return _("{least} {currency} or more").format(least=plain(least), currency=currency)
    if below is not None:
        return _("below {below} {currency}").format(below=plain(below), currency=currency)
    return ""


def _either(words: Iterable[str]) -> str:
    found = sorted(words)
    if len(found) < 2:
        return "".join(found)
    return _("{some} or {last}").format(some=", ".join(found[:-1]), last=found[-1])


def step_words(book: RuleBook, step: Step, names: Names) -> list[Said]:
    """Return what a step says: from where, how much, within which limits, by which cost."""
    sources = source_words(book, step.sources, names)
    found = [
        Said(_("From"), sources or _("any location that serves orders")),
        Said(_("Serves"), _amount_words(step)),
    ]
    if limits := _limit_words(step):
        found.append(Said(_("Only if"), "; ".join(limits)))
    found.append(Said(_("Best is"), _weight_words(step)))
    return found


def _amount_words(step: Step) -> str:
    most = ngettext("from {n} location", "from at most {n} locations together", step.parts)
    where = most.format(n=step.parts)
    if step.parts > 1 and step.part_value:
        where += ", " + _("each worth at least {value}").format(value=plain(step.part_value))
    if step.is_whole:
        return _("everything that is still open, or nothing, {where}").format(where=where)
    return _("what there is, {where}; the rest goes to the next step").format(where=where)


def _limit_words(step: Step) -> list[str]:
    limits, found = step.limits, []
    if limits.max_distance_km is not None:
        km = plain(limits.max_distance_km)
        found.append(_("it is at most {km} km away").format(km=km))
    if limits.keep_back:
        found.append(
            ngettext(
                "{n} unit of each SKU stays there", "{n} units of each SKU stay there",
                limits.keep_back,
            ).format(n=limits.keep_back)
        )  # fmt: skip
    if limits.has_capacity:
        found.append(_("it has capacity left that day"))
    if limits.leaves_today:
        found.append(_("it can leave the same day"))
    if limits.in_time:
        found.append(_("it arrives by the promised day"))
    if limits.lot_days is not None:
        days = ngettext(
            "lots keep for {n} more day", "lots keep for {n} more days", limits.lot_days
        )
        found.append(days.format(n=limits.lot_days))
    return found


def _weight_words(step: Step) -> str:
    each = step.weights
    words = [
        (each.freight, _("{n} times the freight")),
        (each.distance, _("{n} for every 10 km")),
        (each.handling, _("{n} for each parcel")),
        (each.split, _("{n} for each further location")),
        (each.late, _("{n} for each day late")),
        (each.stock_out, _("{n} for each unit below the reorder point")),
    ]
    found = [text.format(n=plain(weight)) for weight, text in words if weight]
    if not found:
        return _("whichever comes first by code")
    return _("the least sum of {terms}").format(terms=" + ".join(found))


def rest_words(routing: Routing) -> str:
    """Return what happens to what no step serves."""
    rest = (
        _("The rest is held for a person to decide")
        if routing.is_parked
        else _("The rest waits for stock")
    )
    if (days := routing.cancel_after_days) is None:
        return rest + "."
    after = ngettext("is called off after {n} day", "is called off after {n} days", days)
    return _("{rest}, and {after}.").format(rest=rest, after=after.format(n=days))


def differences(was: RuleBook, becomes: RuleBook, names: Names) -> list[Change]:
    """Return what another rule book says otherwise, place by place, in words.

    Routings and steps are the same where their names are; one that is new at the place of one
    that is gone was renamed.
    """
    before, after = book_words(was, names), book_words(becomes, names)
    changes = _ordered(_("Order of routings"), before, after)
    for old, new in _paired(before, after):
        if old is None or new is None:
            changes += _come_or_gone(_("Routing"), "", old, new)
            continue
        where = new.name
        if old.name != new.name:
            changes.append(Change(where, _("Name"), old.name, new.name))
        every = [Said(_("For"), _("every order"))]
        changes += _told(where, old.says or every, new.says or every)
        changes += _ordered(_("Order of steps"), old.steps, new.steps, where)
        for step, step_then in _paired(old.steps, new.steps):
            if step is None or step_then is None:
                changes += _come_or_gone(_("Step"), f"{where}: ", step, step_then)
                continue
            at = f"{where}: {step_then.name}"
            if step.name != step_then.name:
                changes.append(Change(at, _("Name"), step.name, step_then.name))
            changes += _told(at, step.says, step_then.says)
        changes += _told(where, [Said(_("The rest"), old.rest)], [Said(_("The rest"), new.rest)])
    return changes


class Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=Named)


def _paired(before: Sequence[N], after: Sequence[N]) -> list[tuple[N | None, N | None]]:
    """Pair what is the same in both, by name, else by place; the others stand alone."""
    old, new = {each.name: each for each in before}, {each.name: each for each in after}
    pairs: list[tuple[N | None, N | None]] = []
    renamed: set[str] = set()
    for nth, each in enumerate(after):
        was = old.get(each.name)
        if was is None and nth < len(before) and before[nth].name not in new:
            was = before[nth]
            renamed.add(was.name)
        pairs.append((was, each))
    pairs += [(each, None) for each in before if each.name not in new and each.name not in renamed]
    return pairs


def _ordered(about: str, before: Sequence[N], after: Sequence[N], where: str = "") -> list[Change]:
    """Whether those that are in both stand in another order."""
    both = {each.name for each in before} & {each.name for each in after}
    was = [each.name for each in before if each.name in both]
    becomes = [each.name for each in after if each.name in both]
    return [] if was == becomes else [Change(where, about, " → ".join(was), " → ".join(becomes))]


def _come_or_gone(what: str, within: str, was: N | None, becomes: N | None) -> list[Change]:
    found = []
    if was is not None:
        found.append(Change(within + was.name, what, _("was there"), ""))
    if becomes is not None:
        found.append(Change(within + becomes.name, what, "", _("is new")))
    return found


def _told(where: str, was: Iterable[Said], becomes: Iterable[Said]) -> list[Change]:
    old, new = dict(was), dict(becomes)
    return [
        Change(where, about, old.get(about, ""), new.get(about, ""))
        for about in dict.fromkeys([*old, *new])
        if old.get(about) != new.get(about)
    ]
