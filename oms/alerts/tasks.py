"""What comes round by itself: each kind of alert is looked for as often as it says."""

from datetime import timedelta

from django.utils import timezone

from oms.alerts import services
from oms.alerts.selectors import due_kinds
from oms.core.actors import SYSTEM
from oms.core.routines import Routine


def look_for_alerts() -> bool:
    """Look for the kind that is due longest; return whether another one is due."""
    due = due_kinds(timezone.now())
    if due:
        services.sweep(kind=due[0], by=SYSTEM, at=timezone.now())
    return len(due) > 1


LOOK_FOR_ALERTS = Routine(look_for_alerts, every=timedelta(minutes=1))
