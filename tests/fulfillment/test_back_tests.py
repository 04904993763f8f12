"""Back-tests: past orders decided once more, with stock as it was, and nothing changed by it."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.utils import InternalError
from django.utils import timezone

from fulfillment import services
from fulfillment.models import BackTest, BackTestOrder, FulfillmentOrder
from fulfillment.rules.reading import parse
from fulfillment.rules.routing import BUILT_IN
from fulfillment.rules.worlds import World
from fulfillment.services.simulating import Simulation, only_reading
from inventory.models import StockLevel
from oms.core import jobs, sql
from oms.core.actors import SYSTEM, Actor
from oms.core.models import Job

KIM = Actor("user", "kim")
THAT_DAY = ("--since", "2026-11-20", "--until", "2026-11-20")
DAY = datetime(2026, 11, 20, tzinfo=UTC)
"""When orders of the world were placed; they are decided when the test runs."""


def from_only(code, **step):
    """Rules that serve all from one location, or from wherever there is some."""
    first = {
        "name": "First",
        "from": [code],
        "allocate": "part",
        "weights": {"distance": "1"},
        **step,
    }
    return {"routings": [{"name": "Everything", "steps": [first, ANYWHERE]}]}


ANYWHERE = {"name": "Anywhere", "allocate": "part", "parts": 5, "weights": {"distance": "1"}}


def simulate(rules, *, most=500, live=BUILT_IN):
    run = Simulation(live=live, draft=parse(rules), since=DAY, until=DAY + timedelta(days=1))
    found = []
    while not run.is_over:
        found += run.go_on(most)
    return run.figures, found


def parts(found):
    return {each.past.order.external_id: (each.live.parts, each.draft.parts) for each in found}


def units_at(figures, side):
    return {code: there[side]["units"] for code, there in figures["locations"].items()}


def test_orders_are_decided_by_both_rule_books(world):
    world.stock("tea", rotterdam=10, leipzig=10)
    world.place("1", tea=2)
    world.place("2", tea=3)

    figures, found = simulate(from_only("leipzig"))

    assert parts(found) == {
        "1": ({"rotterdam": 2}, {"leipzig": 2}),
        "2": ({"rotterdam": 3}, {"leipzig": 3}),
    }
    assert (figures["orders"], figures["units"], figures["otherwise"]) == (2, 5, 2)
    assert units_at(figures, "live") == {"rotterdam": 5, "leipzig": 0}
    assert units_at(figures, "draft") == {"rotterdam": 0, "leipzig": 5}
    assert figures["draft"]["km"] > figures["live"]["km"] > 0


def test_rules_that_say_the_same_decide_nothing_otherwise(world):
    world.stock("tea", rotterdam=3, leipzig=10)
    for _ in range(3):
        world.place(tea=2)

    figures, found = simulate(from_only("rotterdam", allocate="all"))

    assert found == []
    assert figures["live"] == figures["draft"]


def test_stock_is_as_it_was_when_each_order_was_decided(world):
    """What came later was not there yet; what was sold later still was."""
    world.stock("tea", rotterdam=5, leipzig=1)
    world.place("before", tea=2)
    world.stock("tea", leipzig=8)
    world.place("after", tea=2)

    _, found = simulate(from_only("leipzig"))

    assert parts(found) == {
        "before": ({"rotterdam": 2}, {"leipzig": 1, "rotterdam": 1}),
        "after": ({"rotterdam": 2}, {"leipzig": 2}),
    }


def test_what_the_draft_took_for_one_order_lacks_for_the_next(world):
    world.stock("tea", rotterdam=10, leipzig=3)
    for name in "abc":
        world.place(name, tea=2)

    figures, found = simulate(from_only("leipzig"))

    assert parts(found) == {
        "a": ({"rotterdam": 2}, {"leipzig": 2}),
        "b": ({"rotterdam": 2}, {"leipzig": 1, "rotterdam": 1}),
    }
    assert units_at(figures, "draft") == {"rotterdam": 3, "leipzig": 3}
    assert figures["draft"]["splits"] == 1


def test_in_slices_it_comes_to_the_same(world):
    world.stock("tea", rotterdam=10, leipzig=3)
    for name in "abcd":
        world.place(name, tea=2)

    whole = simulate(from_only("leipzig"))
    sliced = simulate(from_only("leipzig"), most=1)

    assert sliced[0] == whole[0]
    assert parts(sliced[1]) == parts(whole[1])


def test_units_that_were_given_back_come_back_where_the_draft_took_them(world):
    world.stock("tea", rotterdam=10, leipzig=2)
    first = world.place("first", tea=2)
    [work] = world.works(first)
    services.reject(number=work.number, reason="closed", by=SYSTEM, at=timezone.now())
    world.place("second", tea=2)

    figures, found = simulate(from_only("leipzig"))

    assert parts(found)["first"] == ({"rotterdam": 2}, {"leipzig": 2})
    total = sum(units_at(figures, "draft").values())
    assert (total, figures["draft"]["waits"]) == (4, 0)


def test_units_that_nothing_could_serve_and_parked_orders_are_counted(world):
    world.stock("tea", rotterdam=5)
    world.stock("mug", leipzig=5)
    world.place("1", tea=2)
    world.place("2", mug=1)
    one_step = {
        "name": "Rotterdam",
        "from": ["rotterdam"],
        "weights": {"distance": "1"},
    }

    figures, found = simulate({"routings": [{"name": "All", "steps": [one_step], "rest": "park"}]})

    assert [each.past.order.external_id for each in found] == ["2"]
    assert (figures["draft"]["waits"], figures["draft"]["parked"]) == (1, 1)
    assert (figures["live"]["waits"], figures["live"]["parked"]) == (0, 0)


def test_units_below_the_reorder_point_are_counted(world):
    world.stock("tea", rotterdam=5, leipzig=20)
    StockLevel.objects.filter(location__code="rotterdam").update(reorder_point=4)
    world.place("1", tea=3)

    figures, _ = simulate(from_only("leipzig"))

    assert (figures["live"]["below"], figures["draft"]["below"]) == (2, 0)


def rows_of_everything():
    """A fingerprint of every row of every table."""
    found = {}
    for model in apps.get_models():
        table = connection.ops.quote_name(model._meta.db_table)
        found[table] = sql.run(
            f"SELECT count(*), coalesce(sum(hashtext(t::text)::bigint), 0) FROM {table} t"  # noqa: S608
        )
    return found


def test_it_changes_nothing_anywhere(world, tmp_path):
    world.stock("tea", rotterdam=5, leipzig=20)
    world.place("1", tea=3)
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps(from_only("leipzig")))
    before = rows_of_everything()

    out = StringIO()
    call_command("simulate_routing", str(rules), *THAT_DAY, stdout=out)

    assert "1 decided otherwise" in out.getvalue()
    assert rows_of_everything() == before


def test_the_database_itself_refuses_to_write_in_it(world):
    world.stock("tea", rotterdam=5)

    with pytest.raises(InternalError, match="read-only"), only_reading():
        StockLevel.objects.update(on_hand=0)


def test_the_number_of_queries_does_not_grow_with_the_orders(world, django_assert_num_queries):
    world.stock("tea", rotterdam=50, leipzig=50)
    world.place(tea=1)
    simulate(from_only("leipzig"))

    with django_assert_num_queries(10):
        simulate(from_only("leipzig"))
    for _ in range(3):
        world.place(tea=1)
    with django_assert_num_queries(10):
        simulate(from_only("leipzig"))


def printed(rules, tmp_path, *options):
    file = tmp_path / "rules.json"
    file.write_text(rules if isinstance(rules, str) else json.dumps(rules))
    out = StringIO()
    call_command("simulate_routing", str(file), *options, stdout=out)
    return out.getvalue()


def test_the_command_tells_people_and_programs(world, tmp_path):
    world.stock("tea", rotterdam=5, leipzig=20)
    order = world.place("1", tea=3)

    text = printed(from_only("leipzig"), tmp_path, *THAT_DAY)
    said = json.loads(printed(from_only("leipzig"), tmp_path, *THAT_DAY, "--json"))

    assert f"{order.number}: 3 from rotterdam → 3 from leipzig" in text
    assert (said["orders"], said["otherwise"], said["against"]) == (1, 1, 0)
    assert said["decided_otherwise"][0]["order"] == order.number


def test_days_without_orders_come_to_nothing(world, tmp_path):
    world.stock("tea", rotterdam=5)
    world.place("1", tea=3)

    said = printed(from_only("rotterdam"), tmp_path, "--until", "2020-01-31", "--json")

    assert json.loads(said)["orders"] == 0


@pytest.mark.parametrize("rules", ["{", {"routings": []}, {"routing": []}])
def test_a_file_that_is_no_rule_book_is_refused(db, tmp_path, rules):
    with pytest.raises(CommandError):
        printed(rules, tmp_path)


def test_a_missing_file_and_days_the_wrong_way_round_are_refused(db, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("simulate_routing", str(tmp_path / "none.json"))
    with pytest.raises(CommandError, match="before"):
        printed(from_only("rotterdam"), tmp_path, "--since", "2026-02-01", "--until", "2026-01-01")


# ── As a job ────────────────────────────────────────────────────────────────────────────────


def asked(version=None):
    now = timezone.now()
    if version is None:
        version = services.begin_routing_draft(based_on=0, by=KIM, at=now)
        version = services.save_routing_draft(
            version=version.number,
            revision=version.revision,
            rules=from_only("leipzig"),
            by=KIM,
            at=now,
        )
    return services.ask_back_test(
        version=version.number,
        since=DAY,
        until=DAY + timedelta(days=1),
        by=KIM,
        at=now,
    )


@pytest.mark.django_db(transaction=True)
def test_a_job_leads_it_to_its_end_and_the_version_can_be_published(world):
    world.stock("tea", rotterdam=10, leipzig=3)
    for name in "abc":
        world.place(name, tea=2)
    test = asked()

    while jobs.drain("back_test"):
        pass

    test.refresh_from_db()
    assert (test.status, test.done, test.figures["otherwise"]) == ("done", 3, 2)
    rows = BackTestOrder.objects.filter(back_test=test).order_by("id")
    assert [(row.was["parts"], row.becomes["parts"]) for row in rows] == [
        ([{"location": "rotterdam", "units": 2}], [{"location": "leipzig", "units": 2}]),
        (
            [{"location": "rotterdam", "units": 2}],
            [{"location": "rotterdam", "units": 1}, {"location": "leipzig", "units": 1}],
        ),
    ]
    services.publish_routing(version=1, revision=2, by=KIM, at=timezone.now())
    assert FulfillmentOrder.objects.values("order").distinct().count() == 3


def test_a_slice_that_two_workers_did_is_kept_once(world):
    world.stock("tea", rotterdam=10, leipzig=10)
    world.place(tea=2)
    world.place(tea=2)
    test = asked()
    runs = [services.simulation_of(test=BackTest.objects.get()) for _ in range(2)]
    for run in runs:
        otherwise = run.go_on(1)
        services.keep_back_test(
            number=test.number,
            stood_at=None,
            simulation=run,
            otherwise=otherwise,
            done=1,
            at=timezone.now(),
        )

    kept = BackTest.objects.get()
    assert (kept.done, kept.figures["orders"], BackTestOrder.objects.count()) == (1, 1, 1)


def test_it_goes_on_in_another_process_as_if_in_one(world):
    world.stock("tea", rotterdam=10, leipzig=3)
    for name in "abcd":
        world.place(name, tea=2)
    test = asked()
    is_left = True
    while is_left:
        test = BackTest.objects.select_related("version").get()
        run = services.simulation_of(test=test)
        otherwise = run.go_on(1)
        is_left = services.keep_back_test(
            number=test.number,
            stood_at=test.position,
            simulation=run,
            otherwise=otherwise,
            done=1,
            at=timezone.now(),
        )

    assert BackTest.objects.get().figures == simulate(from_only("leipzig"))[0]


def test_a_stopped_back_test_is_led_on_by_nobody(world):
    world.stock("tea", rotterdam=10, leipzig=10)
    world.place(tea=2)
    test = asked()

    services.stop_back_test(number=test.number, at=timezone.now())
    while jobs.drain("back_test"):
        pass

    test.refresh_from_db()
    assert (test.status, test.figures["orders"]) == ("stopped", 0)
    assert not Job.objects.filter(kind="back_test").exists()


def test_a_back_test_that_ends_by_itself_says_why(world):
    world.location("leipzig")
    test = asked()

    services.fail_back_test(number=test.number, reason="Nobody could read it", at=timezone.now())

    test.refresh_from_db()
    assert (test.status, test.problem) == ("failed", "Nobody could read it")


# ── Worlds ──────────────────────────────────────────────────────────────────────────────────

HERE, THERE = (1, 7), (2, 7)


def test_a_world_differs_by_what_it_took_elsewhere():
    world = World()

    world.decide("a", {THERE: 2}, {HERE: 2})

    assert world.more == {THERE: -2, HERE: 2}


def test_units_given_back_in_truth_come_back_where_they_were_taken_here():
    world = World()
    world.decide("a", {THERE: 2}, {HERE: 2})

    world.released("a", HERE, 2)

    assert (world.more, world.apart) == ({}, {})


def test_units_that_an_order_got_later_in_truth_are_not_taken_twice():
    world = World()
    world.decide("a", {THERE: 2}, {})

    world.reserved("a", HERE, 2)

    assert world.more == {THERE: -2, HERE: 2}


def test_what_has_left_stays_taken():
    world = World()
    world.decide("a", {THERE: 2}, {HERE: 2})
    world.left("a")

    world.released("a", HERE, 2)

    assert world.more == {THERE: -2, HERE: 2}
    assert World.again(json.loads(json.dumps(world.kept()))).kept() == world.kept()
