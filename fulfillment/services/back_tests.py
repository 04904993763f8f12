"""Back-tests of a version: asked for, led on slice by slice, ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fulfillment.errors_routing import BackTestNotFound, BackTestOver
from fulfillment.models import BackTest, BackTestOrder
from fulfillment.rules import tallying
from fulfillment.rules.reading import parse
from fulfillment.selectors import live_number, rules_of, version_of
from fulfillment.selectors.replaying import routed_orders
from fulfillment.services.simulating import Decided, Simulation
from fulfillment.states import BACK_TEST, BackTestStatus
from oms.core import jobs
from oms.core.actors import Actor
from oms.core.locking import lock_one
from oms.core.numbers import gapless_number
from oms.core.rows import new
from oms.core.services import service

JOB = "back_test"


@service
def ask_back_test(
    *, version: int, since: datetime, until: datetime, by: Actor, at: datetime
) -> BackTest:
    """Have the orders of a time (`until` not included) decided once more by a version, beside the
    rules that are live now.

    Raises: RoutingVersionNotFound.
    Locks: NumberSeries.
    """
    tested = version_of(version)
    made = BackTest(
        number=gapless_number("BT"),
        version=tested,
        revision=tested.revision,
        against=live_number(),
        rules=tested.rules,
        since=since,
        until=until,
        orders=routed_orders(since, until).count(),
        figures=tallying.nothing(),
        asked_by=str(by),
        asked_at=at,
    )
    made.save(force_insert=True)
    jobs.enqueue(JOB, key=made.number, payload={})
    return made


def simulation_of(*, test: BackTest) -> Simulation:
    """Return the simulation of a back-test, where it stands."""
    found = Simulation(
        live=rules_of(test.against),
        draft=parse(test.rules, version=test.version.number),
        since=test.since,
        until=test.until,
        position=_position(test.position),
        figures=test.figures,
    )
    found.again(test.carried)
    return found


@service
def keep_back_test(
    *,
    number: str,
    stood_at: list[Any] | None,
    simulation: Simulation,
    otherwise: Sequence[Decided],
    done: int,
    at: datetime,
) -> bool:
    """Keep what a slice of work found; return whether more is to be done.

    Another worker may have kept the same slice: who began at a place that is behind us (`stood_at`)
    changes nothing.

    Raises: BackTestNotFound.
    Locks: BackTest.
    """
    test = _lock(number)
    if test.status != BackTestStatus.RUNNING:
        return False
    if test.position != stood_at:
        return True
    verb = "finish" if simulation.is_over else "go_on"
    test.status = BACK_TEST.after(verb, test.status)
    test.figures = simulation.figures
    test.done = test.orders if simulation.is_over else min(test.orders, test.done + done)
    test.position = None
    test.carried = {}
    if simulation.position is not None:
        placed_at, pk = simulation.position
        test.position = [placed_at.isoformat(), pk]
        test.carried = simulation.kept()
    else:
        test.ended_at = at
    test.save()
    BackTestOrder.objects.bulk_create(
        new(
            BackTestOrder,
            back_test_id=test.pk,
            order_id=each.past.order.pk,
            placed_at=each.past.order.placed_at,
            was=each.live.document(),
            becomes=each.draft.document(),
        )
        for each in otherwise
    )
    return not simulation.is_over


@service
def stop_back_test(*, number: str, at: datetime) -> BackTest:
    """End a back-test before it is through; what it found until then stays.

    Raises: BackTestNotFound, BackTestOver.
    Locks: BackTest.
    """
    return _end(number, "stop", at, "")


@service
def fail_back_test(*, number: str, reason: str, at: datetime) -> None:
    """Say that a back-test ended by itself, and why; one that is over stays as it is.

    Locks: BackTest.
    """
    if BackTest.objects.filter(number=number, status=BackTestStatus.RUNNING).exists():
        _end(number, "fail", at, reason)


def lead_back_test_on(*, number: str) -> None:
    """Have a worker go on with a back-test that is not through."""
    if BackTest.objects.filter(number=number, status=BackTestStatus.RUNNING).exists():
        jobs.enqueue(JOB, key=number, payload={})


def _end(number: str, verb: str, at: datetime, problem: str) -> BackTest:
    test = _lock(number)
    if not BACK_TEST.allows(verb, test.status):
        raise BackTestOver(number=number, status=test.get_status_display().lower())
    test.status = BACK_TEST.after(verb, test.status)
    test.ended_at, test.problem, test.carried = at, problem[:500], {}
    test.save(update_fields=["status", "ended_at", "problem", "carried"])
    return test


def _lock(number: str) -> BackTest:
    return lock_one(BackTest.objects.filter(number=number), missing=BackTestNotFound(number=number))


def _position(kept: list[Any] | None) -> tuple[datetime, int] | None:
    return (datetime.fromisoformat(kept[0]), kept[1]) if kept else None
