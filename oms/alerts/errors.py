"""The ways this app says no."""

from dataclasses import dataclass

from oms.core.errors import Conflict, Invalid, Missing


@dataclass(eq=False)
class AlertNotFound(Missing):
    number: str

    message = "There is no alert {number}."


@dataclass(eq=False)
class AlertKindUnknown(Missing):
    kind: str

    message = "There is no kind of alert called {kind}."


@dataclass(eq=False)
class AlertIsOver(Conflict):
    """What the alert told is no longer true: there is nothing to open again."""

    number: str

    message = "{number} is over: what it told is no longer true."


@dataclass(eq=False)
class SnoozeNotAhead(Invalid):
    """An alert sleeps until a moment ahead, a year at most."""

    until: str

    message = "An alert cannot be snoozed until {until}: name a day ahead, within a year."


@dataclass(eq=False)
class OwnerUnknown(Invalid):
    """The person is not here, or may not settle alerts."""

    username: str

    message = "{username} cannot own an alert."


@dataclass(eq=False)
class ThresholdOutOfRange(Invalid):
    name: str
    least: int
    most: int

    message = "{name} is between {least} and {most}."
