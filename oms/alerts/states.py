"""What becomes of an alert, how urgent it is, and what it was worth.

An alert is one finding for as long as it is true. It is `settled` by a person and stays so while
the finding holds, so that nobody is told twice; it is `cleared` when it is no longer true before
anybody settled it. The same finding later on is a new alert.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oms.core.states import Lifecycle


class AlertStatus(models.TextChoices):
    OPEN = "open", "Open"
    SNOOZED = "snoozed", "Snoozed"
    SETTLED = "settled", "Settled"
    CLEARED = "cleared", "Cleared"


S = AlertStatus
WAITING = [S.OPEN, S.SNOOZED]

ALERT = Lifecycle(
    "alert",
    {
        # verb       from            to
        "assign":  (WAITING,        S.OPEN),
        "snooze":  (WAITING,        S.SNOOZED),
        "wake":    ([S.SNOOZED],    S.OPEN),
        "settle":  (WAITING,        S.SETTLED),
        "reopen":  ([S.SETTLED],    S.OPEN),
        "clear":   (WAITING,        S.CLEARED),
    },
)  # fmt: skip


class Severity(models.IntegerChoices):
    """How soon somebody should look; a work list shows the most urgent first."""

    WATCH = 1, _("Watch")
    SOON = 2, _("Soon")
    NOW = 3, _("Now")


class Outcome(models.TextChoices):
    """What an alert was worth to the person who settled it: the precision of its kind."""

    USEFUL = "useful", _("Useful")
    FALSE_ALARM = "false_alarm", _("False alarm")
