"""The pages of alerts: who sees which, what may be done there, what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.alerts import services
from oms.alerts.models import Alert, Watch
from oms.alerts.states import Severity
from oms.core.actors import Actor
from tests.alerts.watching import cup, tea

pytestmark = pytest.mark.usefixtures("short")
OLA = Actor("user", "ola")
LIST = 6


def text(response):
    return response.content.decode()


@pytest.fixture
def ola(world):
    return world.browser(world.user("ola", role="operations"))


def titles(page):
    return [row.told.title for row in page.context["rows"]]


# ── Lists ───────────────────────────────────────────────────────────────────────────────────


def test_the_most_urgent_stand_first_with_their_evidence(look, ola):
    look(tea(left=3), cup(left=0, severity=Severity.NOW))

    page = ola.get("/alerts/")

    assert titles(page) == ["Cup is short", "Tea is short"]
    assert "0 left" in text(page)
    assert [(each["label"], each["count"]) for each in page.context["tabs"]] == [
        ("All", 2),
        ("Mine", 0),
        ("Short", 2),
        ("Snoozed", 0),
        ("Settled and cleared", None),
    ]


def test_lists_are_narrowed_by_urgency_and_by_what_they_are_about(look, ola):
    look(tea(), cup(severity=Severity.NOW))

    assert titles(ola.get("/alerts/?severity=3")) == ["Cup is short"]
    assert titles(ola.get("/alerts/?search=TE")) == ["Tea is short"]
    assert "No alert matches" in text(ola.get("/alerts/?search=pot"))
    assert len(titles(ola.get("/alerts/?severity=x&view=weather"))) == 2


def test_what_is_settled_or_asleep_has_a_list_of_its_own(look, ola):
    found = look(tea(), cup())
    now = timezone.now()
    services.settle_alerts(numbers=[found["tea"].number], outcome="useful", by=OLA, at=now)
    until = now + timedelta(days=2)
    services.snooze_alerts(numbers=[found["cup"].number], until=until, by=OLA, at=now)

    assert titles(ola.get("/alerts/")) == []
    assert "Nothing to look at" in text(ola.get("/alerts/"))
    assert titles(ola.get("/alerts/?view=done")) == ["Tea is short"]
    assert titles(ola.get("/alerts/?view=snoozed")) == ["Cup is short"]
    assert "Of 1 settled, 1 was useful (100 %)" in text(ola.get("/alerts/?view=short"))


def test_the_warehouse_sees_the_alerts_of_its_own_locations(world, look):
    world.location("ghent")
    found = look(tea(), tea(location="rotterdam"), cup(location="ghent"))
    kim = world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))

    page = kim.get("/alerts/")

    assert [row.alert.subject for row in page.context["rows"]] == ["tea@rotterdam"]
    assert "data-bulk-item" not in text(page)
    assert kim.get(f"/alerts/{found['tea@rotterdam'].number}/").status_code == 200
    assert kim.get(f"/alerts/{found['cup@ghent'].number}/").status_code == 404
    assert kim.get(f"/alerts/{found['tea'].number}/").status_code == 404


def test_the_location_switcher_narrows_the_list(world, look, ola):
    world.location("ghent")
    world.location("rotterdam")
    look(tea(), tea(location="rotterdam"), cup(location="ghent"))
    session = ola.session
    session["shell_location"] = "ghent"
    session.save()

    page = ola.get("/alerts/")

    assert {row.alert.subject for row in page.context["rows"]} == {"tea", "cup@ghent"}


def test_who_may_not_see_the_kind_sees_nothing_of_it(world, look):
    number = look(tea())["tea"].number
    sue = world.browser(world.user("sue", role="sales"))

    assert titles(sue.get("/alerts/")) == []
    assert sue.get(f"/alerts/{number}/").status_code == 404
    assert sue.post("/alerts/take/", {"number": number}).status_code == 404
    assert Alert.objects.get().owner is None
    assert world.browser(world.user("fay", role="finance")).get("/alerts/").status_code == 403


def test_a_list_costs_the_same_for_one_alert_and_for_three(look, ola):
    def cost():
        counted = []
        for address in ("/alerts/", "/preferences/"):
            ola.get(address)
            with CaptureQueriesContext(connection) as caught:
                ola.get(address)
            counted.append(len(caught))
        return counted[0] - counted[1]

    look(tea())
    one = cost()
    look(tea(), cup(), tea(location="ghent"))

    assert cost() == one <= LIST


# ── Doing ───────────────────────────────────────────────────────────────────────────────────


def test_several_are_taken_at_once(world, look, ola):
    numbers = [alert.number for alert in look(tea(), cup()).values()]

    page = ola.post("/alerts/take/", {"number": numbers, "view": "short"}, follow=True)

    assert page.redirect_chain == [("/alerts/?view=short", 302)]
    assert "2 alerts are yours." in text(page)
    assert set(Alert.objects.values_list("owner__username", flat=True)) == {"ola"}


def test_settling_asks_first_and_then_says_what_it_was_worth(look, ola):
    numbers = [alert.number for alert in look(tea(), cup()).values()]

    asked = ola.post("/alerts/settle/", {"number": numbers, "view": "open"})
    assert asked.status_code == 200
    assert "Settle 2 alerts" in text(asked)
    assert set(Alert.objects.values_list("status", flat=True)) == {"open"}

    missing = ola.post("/alerts/settle/", {"number": numbers, "confirm": "1"})
    assert missing.status_code == 422

    values = {"number": numbers, "confirm": "1", "outcome": "useful", "note": "Ordered"}
    page = ola.post("/alerts/settle/", values, follow=True)
    assert "2 alerts are settled." in text(page)
    assert set(Alert.objects.values_list("status", "note")) == {("settled", "Ordered")}


def test_an_alert_sleeps_until_the_morning_of_a_day(look, ola):
    number = look(tea())["tea"].number
    day = timezone.localdate() + timedelta(days=7)

    ola.post("/alerts/snooze/", {"number": number, "confirm": "1", "days": "7"})
    alert = Alert.objects.get()
    assert (alert.status, timezone.localtime(alert.snoozed_until).date()) == ("snoozed", day)

    other = day + timedelta(days=3)
    said = {"number": number, "confirm": "1", "days": "day", "day": other.isoformat()}
    ola.post("/alerts/snooze/", said)
    assert timezone.localtime(Alert.objects.get().snoozed_until).date() == other


@pytest.mark.parametrize("day", ["", "2020-01-01", "soon"])
def test_a_day_that_is_none_or_past_is_refused_by_the_field(look, ola, day):
    number = look(tea())["tea"].number

    page = ola.post(
        "/alerts/snooze/", {"number": number, "confirm": "1", "days": "day", "day": day}
    )

    assert page.status_code in {409, 422}
    assert "is-invalid" in text(page) or "o-errors" in text(page) or "snoozed until" in text(page)
    assert Alert.objects.get().status == "open"


def test_an_alert_is_given_to_a_colleague(world, look, ola):
    world.user("ada", role="administrator")
    number = look(tea())["tea"].number

    ola.post("/alerts/assign/", {"number": number, "confirm": "1", "to": "ada", "from": "detail"})

    assert Alert.objects.get().owner.username == "ada"


def test_what_is_over_by_then_is_told_in_words(look, ola):
    number = look(tea())["tea"].number
    look()

    page = ola.post("/alerts/take/", {"number": number, "from": "detail"}, follow=True)

    assert "Cannot assign: the alert is cleared." in text(page)


def test_nothing_chosen_is_said(look, ola):
    look(tea())

    for verb in ("take", "settle"):
        assert "No alert was chosen." in text(ola.post(f"/alerts/{verb}/", {}, follow=True))


def test_settled_can_be_opened_again_from_its_page(look, ola):
    number = look(tea())["tea"].number
    now = timezone.now()
    services.settle_alerts(numbers=[number], outcome="false_alarm", by=OLA, at=now)
    assert "Open again" in text(ola.get(f"/alerts/{number}/"))

    ola.post("/alerts/reopen/", {"number": number, "from": "detail"})

    assert Alert.objects.get().status == "open"


# ── One alert ───────────────────────────────────────────────────────────────────────────────


def test_an_alert_shows_its_numbers_with_their_yardsticks_and_its_story(look, ola):
    number = look(tea(left=3))["tea"].number
    ola.post("/alerts/take/", {"number": number})

    page = text(ola.get(f"/alerts/{number}/"))

    for words in ("Tea is short", "Left", "of five", "Counted by a test.", "Found", "ola owns it"):
        assert words in page


@pytest.mark.parametrize("number", ["AL-1", "SO-1", "AL-x", "AL-99999999999999999999"])
def test_an_alert_nobody_has_is_not_found(look, ola, number):
    assert ola.get(f"/alerts/{number}/").status_code == 404


# ── What is looked for ──────────────────────────────────────────────────────────────────────


def test_thresholds_are_changed_by_those_who_may(world, look, ola):
    look()
    page = ola.post("/alerts/thresholds/", {"kind": "short", "least": "7"}, follow=True)
    assert "Short: looked for anew now." in text(page)
    assert Watch.objects.get().thresholds == {"least": 7}

    refused = ola.post("/alerts/thresholds/", {"kind": "short", "least": "10"})
    assert refused.status_code == 422
    assert Watch.objects.get().thresholds == {"least": 7}

    sue = world.browser(world.user("sue", role="sales"))
    assert sue.get("/alerts/thresholds/").status_code == 403


# ── Home ────────────────────────────────────────────────────────────────────────────────────


def test_home_shows_the_most_urgent_and_how_many_there_are(world, look, ola):
    world.place(tea=1)
    look(
        tea(severity=Severity.WATCH),
        cup(severity=Severity.NOW),
        *(tea(location=place) for place in ("ghent", "leipzig", "rotterdam")),
    )
    ola.post("/alerts/take/", {"number": Alert.objects.first().number})

    page = ola.get("/")

    [card] = [each for each in page.context["aside"] if each.template == "alerts/_home.html"]
    assert [row.alert.severity for row in card.context["rows"]] == [3, 2, 2, 2]
    assert (card.context["open"], card.context["mine"]) == (5, 1)
    assert "Short 5" in text(page)
