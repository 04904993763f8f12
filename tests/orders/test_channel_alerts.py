"""Pieces of an order whose rest does not come: told after a day, and no more once it has come."""

from datetime import timedelta

import pytest

from oms.alerts.kinds import Finding
from oms.alerts.models import Alert
from oms.alerts.services import sweep
from oms.alerts.states import AlertStatus, Severity
from oms.core.actors import SYSTEM
from orders.adapters.parts import Cancellation
from orders.alerts_channels import UNFINISHED_ORDER, find_unfinished
from tests.orders.following.telling import HEAD, NOON, Told, item, parts

pytestmark = pytest.mark.django_db
USUAL = UNFINISHED_ORDER.values({})


@pytest.fixture
def tell(world):
    return Told(world)


def found(hours) -> list[Finding]:
    return find_unfinished(NOON + timedelta(hours=hours), USUAL)


def test_a_piece_that_waits_for_a_day_is_told_with_what_lacks(world, tell):
    tell({"cancellation": Cancellation()}, hour=0)

    assert found(24) == []
    [late] = found(24.01)
    assert (late.subject, late.severity) == ("shopify:1001", Severity.SOON)
    assert [each.severity for each in found(73)] == [Severity.NOW]
    told = UNFINISHED_ORDER.tell(late.evidence, USUAL)
    assert told.title == "1001 of Shopify is not complete"
    assert told.summary == "Still to come: the order itself, what was ordered"
    desk = world.browser(world.user("kim", role="operations"))
    for _label, link in told.links:
        assert "1001" in desk.get(link).content.decode()
    page = desk.get(told.links[0][1]).content.decode()
    assert "Waits since" in page
    assert "The channel has not told yet: the order itself, what was ordered." in page


def test_the_alert_goes_by_itself_when_the_rest_comes(world, tell):
    world.stock("tea", rotterdam=5)
    tell({"head": HEAD}, hour=0)
    at = NOON + timedelta(days=2)
    sweep(kind="unfinished_order", by=SYSTEM, at=at)
    assert [each.status for each in Alert.objects.all()] == [AlertStatus.OPEN]

    tell(parts(item("tea", 1)), hour=49)
    sweep(kind="unfinished_order", by=SYSTEM, at=at + timedelta(hours=2))

    assert [each.status for each in Alert.objects.all()] == [AlertStatus.CLEARED]
