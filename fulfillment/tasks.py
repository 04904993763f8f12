"""What the queue may run: making packing slips."""

from datetime import datetime, timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from fulfillment import services
from fulfillment.letters import SLIP_STYLESHEETS, Elsewhere, Slip, SlipLine, packing_slip
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine
from fulfillment.selectors import (
    due_work,
    expected_of,
    lines_of,
    lines_of_others,
    waiting_too_long,
)
from oms.core import pdf
from oms.core.actors import SYSTEM
from oms.core.jobs import ClaimedJob, JobKind, Record, exponential
from oms.core.routines import Routine
from orders.models import OrderLine
from orders.selectors import status_url


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
    drawn = pdf.render(packing_slip(slip_of(work)), stylesheets=SLIP_STYLESHEETS)
    name = f"packing-slips/{requested_at:%Y/%m}/{work.number}.pdf"
    file = default_storage.save(name, ContentFile(drawn))
    return partial(_keep, work.number, requested_at, file)


def _keep(number: str, requested_at: datetime, file: str) -> None:
    void = services.keep_slip(
        number=number, requested_at=requested_at, file=file, at=timezone.now()
    )
    if void:
        transaction.on_commit(partial(default_storage.delete, void))


def slip_of(work: FulfillmentOrder) -> Slip:
    """Return what the slip of `work` says: what is in the box, and where the rest is."""
    order, place, to = work.order, work.location, work.ship_to
    lines = [line for line in lines_of(work) if line.quantity]
    town = " ".join(part for part in (place.postal_code, place.city) if part)
    packages = work.packages.count()
    return Slip(
        order_number=order.number,
        fulfillment_number=work.number,
        placed_on=order.placed_at.date(),
        shop=order.channel.name,
        ship_from=place.name,
        ship_from_lines=tuple(part for part in (place.line1, town, place.country) if part),
        ship_to=to.name,
        ship_to_lines=(*to.lines[1:], to.country),
        lines=tuple(_line(line) for line in lines),
        elsewhere=tuple(_elsewhere(work)),
        packages=max(1, packages),
        service=work.service,
        customer_reference=order.external_id,
        status_url=status_url(order),
        language=order.language,
    )


def _line(line: FulfillmentOrderLine) -> SlipLine:
    return SlipLine(
        sku=line.sku.code,
        name=line.order_line.name,
        quantity=line.quantity,
        ordered=line.order_line.quantity - line.order_line.cancelled,
        barcode=line.sku.barcode,
        bin=line.reservation.level.bin,
        country_of_origin=line.sku.country_of_origin,
        note="; ".join(
            f"{what}: {words}" for what, words in line.order_line.said.get("said", {}).items()
        ),
    )


def _elsewhere(work: FulfillmentOrder) -> list[Elsewhere]:
    """Units of the order that come in other boxes, and those that wait for stock."""
    found = [
        Elsewhere(
            name=line.order_line.name,
            quantity=line.quantity,
            reason="another parcel",
            location=line.fulfillment_order.location.name,
        )
        for line in lines_of_others(work)
    ]
    waiting = OrderLine.objects.filter(order=work.order_id, backordered__gt=0)
    found += [
        Elsewhere(
            name=each.line.name,
            quantity=each.units,
            reason="waiting for stock",
            expected_on=each.expected_on,
        )
        for each in expected_of(work.order, list(waiting.order_by("position")))
    ]
    return found


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


MOST_WORK = 200
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
