from datetime import timedelta

import pytest
from django.utils import timezone

from oms.core import jobs, routines
from oms.core.models import Job
from oms.core.routines import Routine

turns: list[str] = []
MORE = [True, False]


def count() -> bool:
    turns.append("count")
    return MORE[len(turns) - 1]


COUNT = Routine(count, every=timedelta(hours=6))


@pytest.fixture(autouse=True)
def one_routine(settings):
    turns.clear()
    settings.ROUTINES = {"count": f"{__name__}.COUNT"}


@pytest.mark.django_db(transaction=True)
def test_a_routine_goes_on_while_there_is_more_and_then_waits_for_its_next_turn():
    routines.ensure()
    before = timezone.now()

    jobs.drain("routine")

    assert turns == ["count", "count"]
    [job] = Job.objects.filter(kind="routine")
    assert before + timedelta(hours=6) <= job.due_at <= timezone.now() + timedelta(hours=6)
    assert job.attempts == 0


@pytest.mark.django_db
def test_a_routine_that_has_its_job_keeps_its_time():
    routines.ensure()
    Job.objects.filter(kind="routine").update(due_at=timezone.now() + timedelta(hours=1))
    due = Job.objects.get(kind="routine").due_at

    routines.ensure()

    assert Job.objects.get(kind="routine").due_at == due


@pytest.mark.django_db(transaction=True)
def test_a_routine_that_is_gone_from_the_page_is_shown_as_dead_not_lost():
    Job.objects.create(kind="routine", key="gone", due_at=timezone.now(), created_at=timezone.now())

    jobs.drain("routine")

    assert Job.objects.get(key="gone").state == Job.State.DEAD
