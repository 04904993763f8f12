import pytest
from django.utils import timezone

from oms.alerts.models import Alert
from oms.alerts.services import sweep
from oms.core.actors import SYSTEM
from tests.alerts import watching


@pytest.fixture
def short(settings):
    """One kind of alert, `short`, whose findings the test says."""
    settings.ALERTS = {"short": "tests.alerts.watching.SHORT"}
    watching.TRUE.clear()
    watching.ASKED.clear()
    return watching.TRUE


@pytest.fixture
def look(db):
    """Look for alerts as of now, or of `at`; return them all by subject."""

    def look_now(*findings, at=None):
        watching.TRUE[:] = findings
        sweep(kind="short", by=SYSTEM, at=at or timezone.now())
        return {alert.subject: alert for alert in Alert.objects.order_by("id")}

    return look_now
