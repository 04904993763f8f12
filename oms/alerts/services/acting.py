"""What people do with alerts: several at once, those left alone that are over already."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from oms.alerts.errors import AlertIsOver, AlertNotFound, OwnerUnknown, SnoozeNotAhead
from oms.alerts.events import AlertAssigned, AlertReopened, AlertSettled, AlertSnoozed
from oms.alerts.models import Alert
from oms.alerts.selectors import key_of
from oms.alerts.states import ALERT, Outcome
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.models import User
from oms.core.services import service

LONGEST_SNOOZE = timedelta(days=366)


@service
def assign_alerts(*, numbers: Sequence[str], to: str, by: Actor, at: datetime) -> list[str]:
    """Make `to` (a username, empty for nobody) the owner; what slept is work again.

    Returns the numbers that changed: alerts that are settled or over are left alone, unless all
    of them are.

    Raises: AlertNotFound, OwnerUnknown, TransitionNotAllowed.
    Locks: Alert.
    Publishes: AlertAssigned.
    """
    owner = _owner(to)
    alerts = _locked(numbers, "assign")
    for alert in alerts:
        _move(alert, "assign", owner=owner, snoozed_until=None)
        publish(
            AlertAssigned(
                thread=alert.number,
                subject=alert.number,
                by=by,
                at=at,
                kind=alert.kind,
                about=alert.about,
                owner=to,
            )
        )
    return [alert.number for alert in alerts]


@service
def snooze_alerts(*, numbers: Sequence[str], until: datetime, by: Actor, at: datetime) -> list[str]:
    """Let alerts sleep until a moment ahead; still true then, they are work again.

    Returns the numbers that changed: alerts that are settled or over are left alone, unless all
    of them are.

    Raises: AlertNotFound, SnoozeNotAhead, TransitionNotAllowed.
    Locks: Alert.
    Publishes: AlertSnoozed.
    """
    if not at < until <= at + LONGEST_SNOOZE:
        raise SnoozeNotAhead(until=f"{until:%Y-%m-%d}")
    alerts = _locked(numbers, "snooze")
    for alert in alerts:
        _move(alert, "snooze", snoozed_until=until)
        publish(
            AlertSnoozed(
                thread=alert.number,
                subject=alert.number,
                by=by,
                at=at,
                kind=alert.kind,
                about=alert.about,
                until=until.isoformat(),
            )
        )
    return [alert.number for alert in alerts]


@service
def settle_alerts(
    *, numbers: Sequence[str], outcome: str, note: str = "", by: Actor, at: datetime
) -> list[str]:
    """Be done with alerts, and say what they were worth; they stay settled while they are true.

    Returns the numbers that changed: alerts that are settled or over are left alone, unless all
    of them are.

    Raises: AlertNotFound, TransitionNotAllowed.
    Locks: Alert.
    Publishes: AlertSettled.
    """
    outcome = Outcome(outcome)
    alerts = _locked(numbers, "settle")
    for alert in alerts:
        _move(
            alert,
            "settle",
            outcome=outcome,
            note=note,
            settled_by=str(by),
            settled_at=at,
            snoozed_until=None,
        )
        publish(
            AlertSettled(
                thread=alert.number,
                subject=alert.number,
                by=by,
                at=at,
                kind=alert.kind,
                about=alert.about,
                outcome=outcome,
                note=note,
            )
        )
    return [alert.number for alert in alerts]


@service
def reopen_alerts(*, numbers: Sequence[str], by: Actor, at: datetime) -> list[str]:
    """Make settled alerts work again, while what they tell is still true.

    Raises: AlertNotFound, AlertIsOver, TransitionNotAllowed.
    Locks: Alert.
    Publishes: AlertReopened.
    """
    alerts = _locked(numbers, "reopen")
    for alert in alerts:
        if alert.ended_at:
            raise AlertIsOver(number=alert.number)
        _move(alert, "reopen", outcome="", note="", settled_by="", settled_at=None)
        publish(
            AlertReopened(
                thread=alert.number,
                subject=alert.number,
                by=by,
                at=at,
                kind=alert.kind,
                about=alert.about,
            )
        )
    return [alert.number for alert in alerts]


def _locked(numbers: Sequence[str], verb: str) -> list[Alert]:
    """Lock these alerts; return those that allow the verb, and refuse when none does."""
    keys = {number: key_of(number) for number in numbers}
    found = {alert.pk: alert for alert in lock(Alert.objects.filter(pk__in=keys.values()))}
    for number, key in keys.items():
        if key not in found:
            raise AlertNotFound(number=number)
    able = [alert for alert in found.values() if ALERT.allows(verb, alert.status)]
    if not able:
        for alert in found.values():
            ALERT.after(verb, alert.status)
    return able


def _move(alert: Alert, verb: str, **changes: object) -> None:
    alert.status = ALERT.after(verb, alert.status)
    for name, value in changes.items():
        setattr(alert, name, value)
    alert.save(update_fields=["status", *changes])


def _owner(username: str) -> User | None:
    if not username:
        return None
    owner = User.objects.filter(username=username, is_active=True).first()
    if owner is None or not owner.has_perm("alerts.settle_alert"):
        raise OwnerUnknown(username=username)
    return owner
