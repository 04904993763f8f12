"""Writes, one file per verb."""

from oms.alerts.services.acting import (
    assign_alerts,
    reopen_alerts,
    settle_alerts,
    snooze_alerts,
)
from oms.alerts.services.sweeping import Swept, sweep
from oms.alerts.services.tuning import set_thresholds

__all__ = [
    "Swept",
    "assign_alerts",
    "reopen_alerts",
    "set_thresholds",
    "settle_alerts",
    "snooze_alerts",
    "sweep",
]
