"""What people do with alerts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from oms.alerts import services
from oms.alerts.errors import (
    AlertIsOver,
    AlertNotFound,
    OwnerUnknown,
    SnoozeNotAhead,
    ThresholdOutOfRange,
)
from oms.alerts.models import Alert, Watch
from oms.alerts.selectors import Precision, precision
from oms.core.actors import Actor
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from tests.alerts.watching import cup, tea

pytestmark = pytest.mark.usefixtures("short")
OLA = Actor("user", "ola")


@pytest.fixture
def act():
    """Call a service as Ola, now."""

    def call(service, *numbers, **values):
        return service(numbers=numbers, by=OLA, at=timezone.now(), **values)

    return call


def unchanged(alert):
    before = {field.attname: getattr(alert, field.attname) for field in Alert._meta.fields}
    alert.refresh_from_db()
    return before == {field.attname: getattr(alert, field.attname) for field in Alert._meta.fields}


def test_somebody_takes_it_and_gives_it_back(world, look, act):
    ola = world.user("ola", role="operations")
    alert = look(tea())["tea"]

    assert act(services.assign_alerts, alert.number, to="ola") == [alert.number]
    alert.refresh_from_db()
    assert alert.owner == ola

    act(services.assign_alerts, alert.number, to="")
    alert.refresh_from_db()
    assert alert.owner is None


def test_who_may_not_settle_alerts_cannot_own_one(world, look, act):
    world.user("kim", role="warehouse", at=["rotterdam"])
    alert = look(tea())["tea"]

    for name in ("kim", "nobody"):
        with pytest.raises(OwnerUnknown):
            act(services.assign_alerts, alert.number, to=name)
    assert unchanged(alert)


def test_taking_what_sleeps_wakes_it(world, look, act):
    world.user("ola", role="operations")
    alert = look(tea())["tea"]
    act(services.snooze_alerts, alert.number, until=timezone.now() + timedelta(days=3))

    act(services.assign_alerts, alert.number, to="ola")

    alert.refresh_from_db()
    assert (alert.status, alert.snoozed_until) == ("open", None)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=-1), timedelta(days=400)])
def test_it_sleeps_until_a_moment_ahead_within_a_year(look, act, ahead):
    alert = look(tea())["tea"]

    with pytest.raises(SnoozeNotAhead):
        act(services.snooze_alerts, alert.number, until=timezone.now() + ahead)

    assert unchanged(alert)


def test_what_is_settled_says_what_it_was_worth_and_counts_towards_its_kind(look, act):
    found = look(tea(), cup(), tea(location="ghent"))
    act(services.settle_alerts, found["tea"].number, outcome="useful", note="Ordered 40")
    act(services.settle_alerts, found["cup"].number, outcome="false_alarm")

    settled = Alert.objects.get(subject="tea")
    assert (settled.status, settled.outcome, settled.note) == ("settled", "useful", "Ordered 40")
    assert settled.settled_by == "user:ola"
    assert precision() == {"short": Precision(settled=2, useful=1)}
    assert precision()["short"].percent == 50


def test_settled_can_be_opened_again_while_it_is_true(look, act):
    alert = look(tea())["tea"]
    act(services.settle_alerts, alert.number, outcome="useful")

    act(services.reopen_alerts, alert.number)

    alert.refresh_from_db()
    assert (alert.status, alert.outcome, alert.settled_at) == ("open", "", None)
    assert precision()["short"].settled == 0


def test_settled_and_over_is_not_opened_again(look, act):
    alert = look(tea())["tea"]
    act(services.settle_alerts, alert.number, outcome="useful")
    alert = look()["tea"]

    with pytest.raises(AlertIsOver):
        act(services.reopen_alerts, alert.number)

    assert unchanged(alert)


def test_of_several_those_that_are_over_are_left_alone(look, act):
    found = look(tea(), cup())
    act(services.settle_alerts, found["tea"].number, outcome="useful")

    done = act(
        services.settle_alerts, *(each.number for each in found.values()), outcome="false_alarm"
    )

    assert done == [found["cup"].number]
    assert Alert.objects.get(subject="tea").outcome == "useful"


def test_when_all_are_over_it_is_refused(look, act):
    alert = look(tea())["tea"]
    act(services.settle_alerts, alert.number, outcome="useful")
    alert.refresh_from_db()

    with pytest.raises(TransitionNotAllowed):
        act(services.settle_alerts, alert.number, outcome="false_alarm")

    assert unchanged(alert)


@pytest.mark.parametrize("number", ["AL-1", "AL-", "AL-x", "SO-1", "AL-99999999999999999999"])
def test_a_number_nobody_has_is_refused_and_nothing_is_done(look, act, number):
    alert = look(tea())["tea"]

    with pytest.raises(AlertNotFound):
        act(services.settle_alerts, alert.number, number, outcome="useful")

    assert unchanged(alert)


def test_every_step_is_a_fact_of_the_alerts_story(world, look, act):
    world.user("ola", role="operations")
    number = look(tea())["tea"].number
    act(services.assign_alerts, number, to="ola")
    act(services.snooze_alerts, number, until=timezone.now() + timedelta(days=1))
    act(services.settle_alerts, number, outcome="useful", note="Done")
    act(services.reopen_alerts, number)

    told = EventRecord.objects.filter(thread=number).order_by("id")
    assert list(told.values_list("name", flat=True)) == [
        "alert.opened",
        "alert.assigned",
        "alert.snoozed",
        "alert.settled",
        "alert.reopened",
    ]


def test_a_threshold_out_of_range_is_refused(look):
    look()
    for value in (0, 10):
        with pytest.raises(ThresholdOutOfRange):
            services.set_thresholds(
                kind="short", thresholds={"least": value}, by=OLA, at=timezone.now()
            )
    assert Watch.objects.get().thresholds == {}


def test_a_threshold_that_is_put_back_is_no_longer_kept(look):
    look()
    for value, kept in ((7, {"least": 7}), (5, {})):
        services.set_thresholds(
            kind="short", thresholds={"least": value}, by=OLA, at=timezone.now()
        )
        assert Watch.objects.get().thresholds == kept
