"""What the tea house should look at."""

from datetime import timedelta

from django.conf import settings

from oms.alerts import services
from oms.alerts.models import Alert
from oms.core.demo import BY, Demo


def alerts(demo: Demo) -> None:
    """Look for alerts of every kind; one has been settled and one is asleep. Only once."""
    if Alert.objects.exists():
        return
    for kind in settings.ALERTS:
        services.sweep(kind=kind, by=BY, at=demo.now)
    found = Alert.objects.filter(ended_at__isnull=True).order_by("-severity", "id")
    low = [alert.number for alert in found.filter(kind="low_stock")]
    if len(low) > 2:
        services.settle_alerts(
            numbers=low[:1], outcome="useful", note="Ordered 60 more", by=BY, at=demo.now
        )
        until = demo.now + timedelta(days=7)
        services.snooze_alerts(numbers=low[1:2], until=until, by=BY, at=demo.now)
