"""Units that a location does not serve after all: given back there, and asked of others."""

from collections.abc import Mapping
from datetime import datetime

from fulfillment.models import FulfillmentOrderLine
from fulfillment.services.goals import Units
from fulfillment.services.routing import route_units
from fulfillment.services.slips import renew_slips
from fulfillment.services.working import Work, portions_of
from fulfillment.states import PROBLEMS, WriteOff, write_off_of
from inventory import services as inventory
from oms.core.actors import Actor


def ask_others(
    work: Work,
    units: Mapping[FulfillmentOrderLine, int],
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """Give back what was reserved for these units here, and route them to other locations.

    The counters have moved already: the units are no longer allocated.
    """
    given_up = {line: quantity for line, quantity in units.items() if quantity}
    if not given_up:
        return
    number = work.fulfillment_order.number
    route_units(
        order=work.order,
        units=[Units(line.order_line, quantity) for line, quantity in given_up.items()],
        by=by,
        at=at,
        excluding=[work.fulfillment_order.location_id],
    )
    if work.fulfillment_order.units:
        renew_slips(number=number, at=at)
    portions = portions_of(given_up)
    verdict = write_off_of(reason)
    if verdict == WriteOff.THESE:
        inventory.write_off(portions=portions, reason=reason, reference=number, by=by, at=at)
    elif verdict == WriteOff.ALL:
        label = PROBLEMS[reason].label
        inventory.withhold(portions=portions, reason=label, reference=number, by=by, at=at)
    else:
        inventory.release(portions=portions, reference=number, by=by, at=at)
