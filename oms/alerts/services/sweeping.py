"""Looking again: what is newly true, what still is, what is no longer."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from oms.alerts.errors import AlertKindUnknown
from oms.alerts.events import AlertCleared, AlertOpened, AlertWoken
from oms.alerts.kinds import Finding, kind_of
from oms.alerts.models import Alert, Watch
from oms.alerts.selectors import audience
from oms.alerts.states import ALERT, WAITING, AlertStatus, Severity
from oms.core import sql
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.locking import lock, lock_one
from oms.core.services import batch_service
from oms.messaging import services as messaging

DIGEST = "oms.alerts.letters.new_alerts"

REFRESH = """
    UPDATE alerts_alert a
       SET severity = n.severity, evidence = n.evidence, last_seen_at = %s
      FROM json_to_recordset(%s::json) AS n(id bigint, severity smallint, evidence jsonb)
     WHERE a.id = n.id
"""


@dataclass(frozen=True)
class Swept:
    """How many alerts a round opened, woke and cleared, and how many stand now."""

    opened: int
    woken: int
    cleared: int
    standing: int


@batch_service
def sweep(*, kind: str, by: Actor, at: datetime) -> Swept:
    """Look for one kind of alert, and make its work list say what is true at `at`.

    New findings open an alert each, known ones have their evidence renewed, and what is no longer
    true is cleared. One round at a time: a second one waits, and finds nothing new. Who is
    responsible gets one letter and one notice a round, however many alerts it opened.

    Raises: AlertKindUnknown, Busy.
    Locks: Watch, Alert.
    Publishes: AlertOpened, AlertWoken, AlertCleared.
    """
    named = kind_of(kind)
    Watch.objects.get_or_create(kind=kind)
    watch = lock_one(Watch.objects.filter(kind=kind), missing=AlertKindUnknown(kind=kind))
    thresholds = named.values(watch.thresholds)
    found = {each.subject: each for each in named.find(at, thresholds)}
    standing = lock(Alert.objects.filter(kind=kind, ended_at__isnull=True))

    still = [alert for alert in standing if alert.subject in found]
    gone = [alert for alert in standing if alert.subject not in found]
    known = {alert.subject for alert in standing}
    new = [each for subject, each in found.items() if subject not in known]

    cleared = _end(gone, by, at)
    _refresh(still, found, thresholds, at)
    woken = _wake(still, by, at)
    opened = _open(kind, new, thresholds, by, at)
    Watch.objects.filter(pk=watch.pk).update(swept_at=at)
    _tell(kind, opened, at)
    return Swept(len(opened), woken, cleared, len(still) + len(opened))


def _end(gone: list[Alert], by: Actor, at: datetime) -> int:
    """What was work is cleared; what was settled stays so, and is over."""
    waiting = [alert for alert in gone if alert.status in WAITING]
    Alert.objects.filter(pk__in=[alert.pk for alert in waiting]).update(
        status=ALERT.after("clear", AlertStatus.OPEN), snoozed_until=None, ended_at=at
    )
    settled = [alert.pk for alert in gone if alert.status not in WAITING]
    Alert.objects.filter(pk__in=settled).update(ended_at=at)
    for alert in waiting:
        publish(
            AlertCleared(
                thread=alert.number,
                subject=alert.number,
                by=by,
                at=at,
                kind=alert.kind,
                about=alert.about,
            )
        )
    return len(waiting)


def _refresh(
    still: list[Alert], found: dict[str, Finding], thresholds: dict[str, int], at: datetime
) -> None:
    if not still:
        return
    rows = [
        {
            "id": alert.pk,
            "severity": found[alert.subject].severity,
            "evidence": {**found[alert.subject].evidence, "thresholds": thresholds},
        }
        for alert in still
    ]
    sql.run(REFRESH, [at, json.dumps(rows)])


def _wake(still: list[Alert], by: Actor, at: datetime) -> int:
    due = [alert for alert in still if alert.snoozed_until and alert.snoozed_until <= at]
    Alert.objects.filter(pk__in=[alert.pk for alert in due]).update(
        status=ALERT.after("wake", AlertStatus.SNOOZED), snoozed_until=None
    )
    for alert in due:
        publish(
            AlertWoken(
                thread=alert.number,
                subject=alert.number,
                by=by,
                at=at,
                kind=alert.kind,
                about=alert.about,
            )
        )
    return len(due)


def _open(
    kind: str, new: Iterable[Finding], thresholds: dict[str, int], by: Actor, at: datetime
) -> list[Alert]:
    opened = [
        Alert(
            kind=kind,
            subject=each.subject,
            about=each.about,
            location=each.location,
            severity=each.severity,
            evidence={**each.evidence, "thresholds": thresholds},
            opened_at=at,
            last_seen_at=at,
        )
        for each in new
    ]
    record(*opened)
    for alert in opened:
        publish(
            AlertOpened(
                thread=alert.number,
                subject=alert.number,
                by=by,
                at=at,
                kind=alert.kind,
                about=alert.about,
                location=alert.location,
                severity=Severity(alert.severity).name.lower(),
                evidence=alert.evidence,
            )
        )
    return opened


def _tell(kind: str, opened: list[Alert], at: datetime) -> None:
    """Write to each who is responsible, once for the whole round."""
    if not opened:
        return
    named = kind_of(kind)
    stamp = f"{at:%Y%m%d%H%M%S%f}"
    for person, alerts in audience(kind, opened):
        key = f"alerts:{kind}:{stamp}:{person.pk}"
        messaging.post(
            letter=DIGEST,
            key=key,
            arguments={"username": person.username, "kind": kind, "at": at.isoformat()},
        )
        words = named.told(alerts[0].evidence).title
        more = f", and {len(alerts) - 1} more" if len(alerts) > 1 else ""
        messaging.notify(
            key=key,
            user=person.username,
            subject=f"{named.label}: {words}{more}",
            url=f"{reverse('alerts:list')}?view={kind}",
            at=at,
        )
