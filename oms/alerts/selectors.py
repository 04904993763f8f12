"""Reads: who sees which alerts, work lists and their counts, who is told, what is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from oms.alerts.kinds import AlertKind, Told, all_kinds, kind_of, kinds_seen_by
from oms.alerts.models import PREFIX, Alert, Watch
from oms.alerts.states import AlertStatus, Outcome
from oms.core.models import EventRecord, User
from oms.core.shell import part

MOST_KEY = 2**63


def key_of(number: str) -> int:
    """Return the key of the alert with this number; one that no alert has for another text."""
    digits = number.removeprefix(PREFIX)
    if not number.startswith(PREFIX) or not digits.isascii() or not digits.isdigit():
        return -1
    key = int(digits)
    return key if key < MOST_KEY else -1


def codes_seen_by(user: User, location_ids: Sequence[int] | None) -> list[str] | None:
    """Return the codes of these locations; None for everywhere."""
    ask = part(settings.LOCATION_CODES)
    return None if location_ids is None or ask is None else list(ask(location_ids))


def sees_everywhere(user: User) -> bool:
    """Whether `user` is bound to no locations."""
    narrow = part(settings.HOME_LOCATIONS)
    return narrow is None or narrow(user, "") is None


def visible_alerts(user: User, chosen: str = "") -> QuerySet[Alert]:
    """Return the alerts that `user` may see: of their kinds and, if bound to some, locations.

    `chosen` narrows to one location; who sees everything keeps what is about no location.
    """
    narrow = part(settings.HOME_LOCATIONS)
    codes = codes_seen_by(user, narrow(user, chosen) if narrow else None)
    seen = Alert.objects.filter(kind__in=kinds_seen_by(user))
    return narrowed(seen, codes, sees_everywhere(user))


def narrowed(
    alerts: QuerySet[Alert], codes: Sequence[str] | None, everywhere: bool
) -> QuerySet[Alert]:
    if codes is None:
        return alerts
    return alerts.filter(location__in=[*codes, ""] if everywhere else codes)


@dataclass(frozen=True)
class View:
    """One tab of the list: which alerts it shows, and by what they stand in order."""

    name: str
    label: Any
    where: Q
    keys: tuple[str, ...] = ("severity", "opened_at", "id")


def views_for(user: User) -> dict[str, View]:
    """Return the tabs: all work, the user's own, each kind they see, what sleeps, what is over."""
    open_ = Q(status=AlertStatus.OPEN)
    found = [
        View("open", "All", open_),
        View("mine", "Mine", Q(status__in=[AlertStatus.OPEN, AlertStatus.SNOOZED], owner=user)),
        *(
            View(name, kind.label, open_ & Q(kind=name))
            for name, kind in kinds_seen_by(user).items()
        ),
        View("snoozed", "Snoozed", Q(status=AlertStatus.SNOOZED), ("opened_at", "id")),
        View(
            "done",
            "Settled and cleared",
            Q(status__in=[AlertStatus.SETTLED, AlertStatus.CLEARED]),
            ("opened_at", "id"),
        ),
    ]
    return {view.name: view for view in found}


@dataclass(frozen=True)
class KindCount:
    """Open alerts of one kind, those of one person among them, and the oldest."""

    kind: str
    open: int
    mine: int
    snoozed: int
    oldest: datetime | None


def counts_of(alerts: QuerySet[Alert], user: User) -> dict[str, KindCount]:
    """Return how many alerts wait, by kind. One query, over what is not settled only."""
    waiting = alerts.filter(status__in=[AlertStatus.OPEN, AlertStatus.SNOOZED]).order_by()
    is_open = Q(status=AlertStatus.OPEN)
    rows = waiting.values("kind").annotate(
        open=Count("id", filter=is_open),
        mine=Count("id", filter=Q(owner=user)),
        snoozed=Count("id", filter=~is_open),
        oldest=Min("opened_at", filter=is_open),
    )
    return {row["kind"]: KindCount(**row) for row in rows}


def open_count(user: User, locations: Sequence[str]) -> int:
    """Return how many alerts are open for `user`, at these locations. One query."""
    everywhere = sees_everywhere(user)
    codes = None if everywhere and len(locations) != 1 else list(locations)
    alerts = narrowed(Alert.objects.filter(kind__in=kinds_seen_by(user)), codes, everywhere)
    return alerts.filter(status=AlertStatus.OPEN).count()


@dataclass(frozen=True)
class AlertRow:
    """An alert and its words."""

    alert: Alert
    kind: AlertKind
    told: Told


def rows_of(alerts: Iterable[Alert]) -> list[AlertRow]:
    """Return alerts with their words; those of kinds that are gone are left out."""
    known = all_kinds()
    return [
        AlertRow(alert, known[alert.kind], known[alert.kind].told(alert.evidence))
        for alert in alerts
        if alert.kind in known
    ]


@dataclass(frozen=True)
class Precision:
    """Of the alerts of a kind that somebody settled, how many were useful."""

    settled: int
    useful: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.useful / self.settled) if self.settled else None


def precision() -> dict[str, Precision]:
    """Return the measured precision of every kind. One query over an index."""
    rows = (
        Alert.objects.filter(status=AlertStatus.SETTLED)
        .order_by()
        .values("kind")
        .annotate(n=Count("id"), good=Count("id", filter=Q(outcome=Outcome.USEFUL)))
    )
    found = {row["kind"]: Precision(row["n"], row["good"]) for row in rows}
    return {name: found.get(name, Precision(0, 0)) for name in all_kinds()}


def watches() -> dict[str, Watch]:
    """Return what is kept of each kind, whether it was looked for yet or not. One query."""
    kept = {watch.kind: watch for watch in Watch.objects.all()}
    return {name: kept.get(name) or Watch(kind=name) for name in all_kinds()}


def due_kinds(at: datetime) -> list[str]:
    """Return the kinds that are to be looked for now, the one that waits longest first."""
    swept = {name: watch.swept_at for name, watch in watches().items()}
    due = [
        name
        for name, kind in all_kinds().items()
        if (last := swept[name]) is None or last + kind.every <= at
    ]
    long_ago = datetime.min.replace(tzinfo=timezone.get_default_timezone())
    return sorted(due, key=lambda name: swept[name] or long_ago)


def people_who_settle() -> QuerySet[User]:
    """Return the people who can own an alert, by name."""
    may = Q(groups__permissions__codename="settle_alert")
    may |= Q(user_permissions__codename="settle_alert")
    return User.objects.filter(may, is_active=True).order_by("username").distinct()


def audience(kind: str, alerts: Sequence[Alert]) -> list[tuple[User, list[Alert]]]:
    """Return who is told of these new alerts of one kind, and which of them each may see."""
    permission = kind_of(kind).permission
    narrow = part(settings.HOME_LOCATIONS)
    told = []
    for person in people_who_settle():
        if not person.has_perm(permission):
            continue
        codes = codes_seen_by(person, narrow(person, "") if narrow else None)
        seen = [alert for alert in alerts if codes is None or alert.location in codes]
        if seen:
            told.append((person, seen))
    return told


def story_of(alert: Alert) -> list[EventRecord]:
    """Return what happened to an alert, oldest first. One query."""
    return list(EventRecord.objects.filter(thread=alert.number).order_by("id"))
