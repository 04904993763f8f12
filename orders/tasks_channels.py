"""What the queue may run to tell channels our news."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from django.utils import timezone

from inventory.selectors import told_units
from oms.channels.connection import Connection
from oms.channels.selectors import connection_of
from oms.core.jobs import ClaimedJob, GiveUp, JobKind, TryLater, exponential
from orders import services
from orders.adapters.writers import writer_of
from orders.adapters.writing import Dropped, Sent, Stocked, Writer

TURNS, LOOK_AGAIN = 3, 30.0
LATER_AND_LATER = exponential(first=timedelta(seconds=10), longest=timedelta(hours=2))


def tell_shipment(job: ClaimedJob) -> Callable[[], None]:
    """Tell a channel that a parcel left, once: its writer looks it up there by our number."""
    said = job.payload
    connection, writer = _speaker(said["channel"])
    sent = Sent(
        order=said["order"],
        number=job.key,
        units=said["units"],
        is_all=said["is_all"],
        name=said.get("name", ""),
        **said["said"],
    )
    made = writer.tell_sent(connection, sent)
    return partial(_know, job, [("fulfillment", each) for each in made])


def tell_cancellation(job: ClaimedJob) -> Callable[[], None]:
    """Tell a channel that units will not come, once: its writer looks it up there."""
    said = job.payload
    connection, writer = _speaker(said["channel"])
    dropped = Dropped(
        order=said["order"],
        number=job.key,
        units=said["units"],
        reason=said["reason"],
        whole=said["whole"],
    )
    return partial(_know, job, writer.tell_dropped(connection, dropped))


def tell_stock(job: ClaimedJob) -> None:
    """Tell a channel what it may promise of some SKUs: what is true now, and what became true
    meanwhile, so that of two jobs at once neither leaves an older figure behind."""
    connection, writer = _speaker(job.payload["channel"])
    told: dict[str, int] = {}
    for _ in range(TURNS):
        now = told_units(channel=job.payload["channel"], skus=job.payload["skus"])
        changed = {sku: units for sku, units in now.items() if told.get(sku) != units}
        if not changed:
            return
        levels = [Stocked(sku, units) for sku, units in sorted(changed.items())]
        writer.set_stock(connection, levels)
        told |= changed
    raise TryLater(LOOK_AGAIN, "The figures change faster than they can be told.")


def _speaker(channel: str) -> tuple[Connection, Writer]:
    connection = connection_of(channel)
    writer = writer_of(connection.adapter) if connection else None
    if connection is None or writer is None:
        raise GiveUp("This channel is not called now: its connection is off.")
    return connection, writer


def _know(job: ClaimedJob, made: Sequence[tuple[str, str]]) -> None:
    for kind, external_id in made:
        services.know_counterpart(
            order_id=job.payload["order_id"],
            kind=kind,
            external_id=external_id,
            document=job.key,
            at=timezone.now(),
        )


SHIPMENT = JobKind(
    services.SENT,
    tell_shipment,
    max_attempts=15,
    lease=timedelta(seconds=180),
    backoff=LATER_AND_LATER,
    hands=4,
)
STOCK = JobKind(
    services.STOCKED,
    tell_stock,
    max_attempts=15,
    lease=timedelta(seconds=300),
    backoff=LATER_AND_LATER,
)
CANCELLATION = JobKind(
    services.DROPPED,
    tell_cancellation,
    max_attempts=15,
    lease=timedelta(seconds=180),
    backoff=LATER_AND_LATER,
    hands=4,
)
