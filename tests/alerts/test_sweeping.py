"""Looking again: what is newly true, what still is, what is no longer."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from oms.alerts import services
from oms.alerts.errors import AlertKindUnknown
from oms.alerts.models import Alert, Watch
from oms.alerts.selectors import due_kinds
from oms.alerts.states import Severity
from oms.alerts.tasks import look_for_alerts
from oms.core.actors import SYSTEM, Actor
from oms.core.jobs import drain
from oms.core.models import EventRecord, Job
from oms.messaging.models import NoticeCopy
from tests.alerts import watching
from tests.alerts.watching import cup, tea
from tests.concurrency.racing import race

pytestmark = pytest.mark.usefixtures("short")
OLA = Actor("user", "ola")


def facts():
    rows = EventRecord.objects.filter(name__startswith="alert.").order_by("id")
    return list(rows.values_list("name", "payload__about"))


def test_what_is_found_opens_an_alert_with_its_evidence(look):
    found = look(tea(severity=Severity.NOW, location="rotterdam"))

    alert = found["tea@rotterdam"]
    assert (alert.status, alert.about, alert.location) == ("open", "tea", "rotterdam")
    assert (alert.severity, alert.evidence) == (
        Severity.NOW,
        {"name": "Tea", "left": 1, "thresholds": {"least": 5}},
    )
    assert facts() == [("alert.opened", "tea")]


def test_what_is_still_true_has_its_evidence_renewed_and_is_not_told_again(look):
    first = look(tea(left=3))["tea"]
    later = timezone.now() + timedelta(hours=1)

    alert = look(tea(left=1, severity=Severity.NOW), at=later)["tea"]

    assert (alert.pk, alert.evidence["left"], alert.severity) == (first.pk, 1, Severity.NOW)
    assert (alert.opened_at, alert.last_seen_at) == (first.opened_at, later)
    assert facts() == [("alert.opened", "tea")]


def test_what_is_no_longer_true_is_cleared_by_itself_and_a_new_one_if_it_comes_back(look):
    first = look(tea(), cup())["tea"]

    look(cup())

    first.refresh_from_db()
    assert (first.status, first.ended_at is None) == ("cleared", False)
    assert look(tea(), cup())["tea"].pk != first.pk
    assert facts() == [
        ("alert.opened", "tea"),
        ("alert.opened", "cup"),
        ("alert.cleared", "tea"),
        ("alert.opened", "tea"),
    ]


def test_what_was_settled_stays_settled_while_it_is_true_and_is_told_anew_after_that(look):
    number = look(tea())["tea"].number
    now = timezone.now()
    services.settle_alerts(numbers=[number], outcome="useful", note="", by=OLA, at=now)

    look(tea())
    assert Alert.objects.get().status == "settled"

    look()
    settled = Alert.objects.get()
    assert (settled.status, settled.ended_at is None) == ("settled", False)

    look(tea())
    assert list(Alert.objects.order_by("id").values_list("status", flat=True)) == [
        "settled",
        "open",
    ]


def test_what_sleeps_wakes_when_its_time_is_up_and_it_is_still_true(look):
    number = look(tea(), cup())["tea"].number
    now = timezone.now()
    services.snooze_alerts(numbers=[number], until=now + timedelta(days=1), by=OLA, at=now)

    assert look(tea(), cup(), at=now + timedelta(hours=23))["tea"].status == "snoozed"
    alert = look(tea(), cup(), at=now + timedelta(hours=24))["tea"]

    assert (alert.status, alert.snoozed_until) == ("open", None)
    assert facts()[-1] == ("alert.woken", "tea")


def test_what_sleeps_is_cleared_when_it_is_no_longer_true(look):
    number = look(tea())["tea"].number
    now = timezone.now()
    services.snooze_alerts(numbers=[number], until=now + timedelta(days=1), by=OLA, at=now)

    alert = look()["tea"]

    assert (alert.status, alert.snoozed_until) == ("cleared", None)


def test_a_kind_that_is_not_there_is_refused(db):
    with pytest.raises(AlertKindUnknown):
        services.sweep(kind="weather", by=SYSTEM, at=timezone.now())
    assert not Watch.objects.exists()


def test_a_round_costs_the_same_for_one_finding_and_for_three(look, django_assert_num_queries):
    at = timezone.now()
    for n, findings in enumerate([[tea()], [tea(), cup(), tea(location="ghent")]], start=1):
        watching.TRUE[:] = []
        services.sweep(kind="short", by=SYSTEM, at=at)
        watching.TRUE[:] = findings
        with django_assert_num_queries(9):
            services.sweep(kind="short", by=SYSTEM, at=at + timedelta(seconds=n))


def test_kinds_come_round_as_often_as_they_say(look):
    now = timezone.now()
    assert due_kinds(now) == ["short"]

    assert look_for_alerts() is False

    assert due_kinds(timezone.now()) == []
    assert due_kinds(now + timedelta(minutes=11)) == ["short"]
    look_for_alerts()
    assert len(watching.ASKED) == 1


def test_thresholds_that_were_changed_are_what_is_looked_for_at_once(look):
    look()
    services.set_thresholds(kind="short", thresholds={"least": 7}, by=OLA, at=timezone.now())

    assert due_kinds(timezone.now()) == ["short"]
    look_for_alerts()
    assert watching.ASKED == [{"least": 5}, {"least": 7}]


# ── Telling ─────────────────────────────────────────────────────────────────────────────────


def test_a_round_writes_one_letter_and_one_notice_to_each_who_is_responsible(world, look):
    world.user("ola", role="operations")
    world.user("ada", role="administrator")
    world.user("sue", role="sales")
    world.user("kim", role="warehouse", at=["rotterdam"])

    look(tea(), cup(), tea(location="rotterdam"))
    drain("mail")

    assert sorted(letter.to[0] for letter in mail.outbox) == ["ada@oms.example", "ola@oms.example"]
    letter = mail.outbox[0]
    assert letter.subject == "Short: Tea is short, and 2 more"
    assert letter.body.count("is short\n") == 3
    assert f"/alerts/{Alert.objects.first().number}/" in letter.body
    assert NoticeCopy.objects.filter(notice__url="/alerts/?view=short").count() == 2


def test_a_round_that_opens_nothing_writes_nothing(world, look):
    world.user("ola", role="operations")
    look(tea())
    before = Job.objects.filter(kind="mail").count()

    look(tea())
    look()

    assert Job.objects.filter(kind="mail").count() == before == 1


def test_a_letter_about_what_is_over_by_then_is_not_sent(world, look):
    world.user("ola", role="operations")
    look(tea())
    look()

    drain("mail")

    assert mail.outbox == []


# ── Two at once ─────────────────────────────────────────────────────────────────────────────


def look_in_a_process():
    watching.TRUE[:] = [tea(), cup()]
    return services.sweep(kind="short", by=SYSTEM, at=timezone.now()).opened


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_look_at_once_open_each_alert_once():
    opened = race([look_in_a_process] * 4)

    assert sorted(opened) == [0, 0, 0, 2]
    assert Alert.objects.count() == 2
