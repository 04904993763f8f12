"""Where the guided tour finds alerts to show: each function gives a page, or nothing."""

from django.urls import reverse

from oms.alerts.selectors import visible_alerts
from oms.core.models import User


def runs_out(user: User) -> str:
    return _first("low_stock", user)


def waits_long(user: User) -> str:
    return _first("waiting_order", user)


def _first(kind: str, user: User) -> str:
    alert = visible_alerts(user).filter(kind=kind, ended_at=None).order_by("pk").first()
    return reverse("alerts:detail", args=[alert.number]) if alert else ""
