"""The facts this app makes known. Each is about one alert, which is its own thread."""

from dataclasses import dataclass
from typing import Any

from oms.core.events import Event


@dataclass(frozen=True, kw_only=True)
class AlertOpened(Event):
    """Something is true that somebody should look at. `about` is the SKU or order."""

    name = "alert.opened"
    kind: str
    about: str
    location: str
    severity: str
    evidence: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class AlertAssigned(Event):
    """Somebody took it, or was given it; nobody when `owner` is empty."""

    name = "alert.assigned"
    kind: str
    about: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class AlertSnoozed(Event):
    name = "alert.snoozed"
    kind: str
    about: str
    until: str


@dataclass(frozen=True, kw_only=True)
class AlertWoken(Event):
    """Its time to sleep is up, and it is still true."""

    name = "alert.woken"
    kind: str
    about: str


@dataclass(frozen=True, kw_only=True)
class AlertSettled(Event):
    name = "alert.settled"
    kind: str
    about: str
    outcome: str
    note: str


@dataclass(frozen=True, kw_only=True)
class AlertReopened(Event):
    name = "alert.reopened"
    kind: str
    about: str


@dataclass(frozen=True, kw_only=True)
class AlertCleared(Event):
    """It is no longer true, and nobody had settled it."""

    name = "alert.cleared"
    kind: str
    about: str


@dataclass(frozen=True, kw_only=True)
class AlertThresholdsChanged(Event):
    """From the next round on, a kind of alert looks for something else."""

    name = "alert.thresholds_changed"
    kind: str
    thresholds: dict[str, int]
