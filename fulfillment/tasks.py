"""What the queue may run: making packing slips."""

from datetime import datetime, timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from fulfillment import services
from fulfillment.letters import SLIP_STYLESHEETS, packing_slip
from fulfillment.models import FulfillmentOrder
from fulfillment.paper import slips_of
from fulfillment.selectors import due_work, waiting_too_long
from oms.core import pdf
from oms.core.actors import SYSTEM
from oms.core.jobs import ClaimedJob, JobKind, Record, exponential
from oms.core.routines import Routine


def make_slip(job: ClaimedJob) -> Record | None:
    """Draw the slip of one fulfillment order as it is now, and keep it; a void request is done."""
    requested_at = datetime.fromisoformat(job.payload["requested_at"])
    work = (
        FulfillmentOrder.objects.select_related("order__channel", "location", "packing_slip")
        .filter(number=job.payload["number"], packing_slip__requested_at=requested_at, units__gt=0)
        .first()
    )
    if work is None:
        return None
    drawn = pdf.render(packing_slip(slips_of([work])[0]), stylesheets=SLIP_STYLESHEETS)
    name = f"packing-slips/{requested_at:%Y/%m}/{work.number}.pdf"
    file = default_storage.save(name, ContentFile(drawn))
    return partial(_keep, work.number, requested_at, file)


def _keep(number: str, requested_at: datetime, file: str) -> None:
    void = services.keep_slip(
        number=number, requested_at=requested_at, file=file, at=timezone.now()
    )
    if void:
        transaction.on_commit(partial(default_storage.delete, void))


PACKING_SLIP = JobKind(
    "packing_slip",
    run=make_slip,
    max_attempts=8,
    lease=timedelta(seconds=90),
    backoff=exponential(first=timedelta(seconds=5), longest=timedelta(minutes=30)),
)


def serve_waiting(job: ClaimedJob) -> Record:
    """Promise units that became free again to those who wait; nothing happens outside."""
    return partial(_serve_waiting, job.payload["sku_ids"])


def _serve_waiting(sku_ids: list[int]) -> None:
    services.serve_waiting(sku_ids=sku_ids, by=SYSTEM, at=timezone.now())


BACKORDERS = JobKind("backorders", run=serve_waiting)


def open_scheduled() -> bool:
    """Let work begin whose day has come, in the order in which it was waited for."""
    now = timezone.now()
    due = due_work(at=now, most=MOST_WORK)
    for number in due:
        services.open_work(number=number, by=SYSTEM, at=now)
    return len(due) == MOST_WORK


def end_waiting() -> bool:
    """Call off what waited as long as its routing lets it, the longest first."""
    now = timezone.now()
    due = waiting_too_long(at=now, most=MOST_WORK)
    for number in due:
        services.end_waiting(number=number, at=now)
    return len(due) == MOST_WORK


def note_promises() -> bool:
    """Write down what was promised since the last time, and score what arrived."""
    return services.note_promises()


MOST_WORK = 200
PROMISES = Routine(note_promises, every=timedelta(seconds=30))
RELEASES = Routine(open_scheduled, every=timedelta(minutes=1))
WAITING_LIMITS = Routine(end_waiting, every=timedelta(minutes=1))


def write_letters(job: ClaimedJob) -> Record:
    """Write to everybody who waits for a SKU whose day has moved."""
    return partial(
        services.write_of_release,
        sku=job.payload["sku"],
        day=job.payload["day"],
        moved=job.payload["at"],
    )


RELEASE_LETTERS = JobKind("release_letters", run=write_letters)
