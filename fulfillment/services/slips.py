from datetime import datetime

from fulfillment.errors import FulfillmentOrderNotFound
from fulfillment.models import FulfillmentOrder, PackingSlip
from oms.core import sql
from oms.core.batch import pending
from oms.core.jobs import enqueue
from oms.core.services import service

KIND = "packing_slip"

REQUEST = """
INSERT INTO fulfillment_packingslip (fulfillment_order_id, file, requested_at, made_at)
VALUES (%s, '', %s, NULL)
ON CONFLICT (fulfillment_order_id)
    DO UPDATE SET requested_at = excluded.requested_at, made_at = NULL
"""


@service
def request_packing_slip(*, number: str, at: datetime) -> None:
    """Have the packing slip made, or made anew; an older request that is still waiting is void.

    Raises: FulfillmentOrderNotFound.
    """
    new = next((each for each in pending(FulfillmentOrder) if each.number == number), None)
    work = new or FulfillmentOrder.objects.filter(number=number).only("pk").first()
    if work is None:
        raise FulfillmentOrderNotFound(number=number)
    _request(work.pk, number, at)


@service
def renew_slips(*, number: str, at: datetime) -> None:
    """Make a slip anew when one was asked for: the work has changed."""
    slip = PackingSlip.objects.filter(fulfillment_order__number=number).first()
    if slip is not None and slip.requested_at != at:
        _request(slip.fulfillment_order_id, number, at)


def _request(work_id: int, number: str, at: datetime) -> None:
    sql.run(REQUEST, [work_id, at])
    enqueue(
        KIND,
        key=f"{number}@{at:%Y%m%dT%H%M%S%f}",
        payload={"number": number, "requested_at": at.isoformat()},
    )


@service
def keep_slip(*, number: str, requested_at: datetime, file: str, at: datetime) -> str:
    """Keep the file that was made for a request; return the name of the one that is now void.

    When the slip was asked for anew meanwhile, this file is the void one.
    """
    slip = PackingSlip.objects.get(fulfillment_order__number=number)
    if slip.requested_at != requested_at:
        return file
    before = slip.file.name or ""
    slip.file.name, slip.made_at = file, at
    slip.save(update_fields=["file", "made_at"])
    return before
