"""Wake-ups for the workers, said again and again since the queue may lose them."""

import logging
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task

from oms.core import heartbeat, jobs, routines

log = logging.getLogger(__name__)
PERIOD = 2.0
DRAIN = "oms.core.tasks.drain"
BEAT = "oms.core.tasks.beat"
MOST_ROWS = 500
LONG = 6
SHORT = "short"


def tick() -> None:
    """Wake the workers for every kind that is due, unless they are being woken for it already.

    What one worker has had in hand for long while more is due, another looks at too: the first
    may have been killed. With nothing due, an empty wake-up shows whether they hear at all. While
    none of ours is in the queue, silence is no bad sign, and the heartbeat is kept fresh from
    here.
    """
    _drop_what_dead_workers_hold()
    routines.ensure()
    run_first()
    rows = _rows()
    queued = {_call(row) for row in rows}
    if not any(function in (DRAIN, BEAT) for function, *_ in queued):
        heartbeat.beat()
    wanted: list[tuple[str, ...]] = [(DRAIN, kind) for kind in jobs.due_kinds()]
    slow = {_call(row) for row in rows if _is_slow(row)}
    wanted += [(*call, SHORT) for call in wanted if call in slow]
    for call in wanted or [(BEAT,)]:
        if call not in queued:
            async_task(*call, q_options={"save": False})


def wake(kind: str) -> None:
    """Wake a worker for `kind` once this transaction is committed, unless one is being woken.

    A kindness, not a promise: the next tick says it again.
    """
    transaction.on_commit(partial(_wake, kind), robust=True)


def _wake(kind: str) -> None:
    if (DRAIN, kind) not in {_call(row) for row in _rows()}:
        async_task(DRAIN, kind, q_options={"save": False})


def run_first() -> None:
    """Run what `EVERY_TICK` names: quick, and cheap while there is nothing to do.

    What it asks for is woken up for in the same tick. A failure is logged: the wake-ups of the
    others go out all the same.
    """
    for path in settings.EVERY_TICK:
        try:
            import_string(path)()
        except Exception:
            log.exception("%s failed", path)


def forget() -> None:
    """Remove the wake-ups that an earlier cluster has left, some of them in dead hands."""
    ours = [row.pk for row in _rows() if _call(row)[0] in (DRAIN, BEAT)]
    OrmQ.objects.filter(pk__in=ours).delete()


def _drop_what_dead_workers_hold() -> None:
    """Remove rows that were picked up so long ago that whoever did must be gone.

    A row is locked for `retry` seconds when it is picked up; it may then wait for one task to
    end before its own begins.
    """
    held = timedelta(seconds=2 * Conf.TIMEOUT + 10)
    now = timezone.now()
    OrmQ.objects.filter(lock__gt=now, lock__lt=now + timedelta(seconds=Conf.RETRY) - held).delete()


def _is_slow(row: OrmQ) -> bool:
    """Whether a worker has it for so long that it may be dead: one more is woken, for a moment."""
    held = row.lock - timezone.now() if row.lock else timedelta(0)
    return timedelta(0) < held < timedelta(seconds=Conf.RETRY - LONG)


def _rows() -> list[OrmQ]:
    return list(OrmQ.objects.order_by("pk")[:MOST_ROWS])


def _call(row: OrmQ) -> tuple[str, ...]:
    """What a queued row calls; one that cannot be read (the key was changed) calls nothing."""
    return (str(row.task.get("func")), *row.task.get("args", ()))
