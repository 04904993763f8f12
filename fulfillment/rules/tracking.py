"""What carriers say, in our words, and what it makes of a shipment."""

from collections.abc import Iterable
from datetime import datetime

from fulfillment.states import SHIPMENT, ShipmentStatus

WORDS = {
    "pre_transit": ShipmentStatus.SHIPPED,
    "label_created": ShipmentStatus.SHIPPED,
    "accepted": ShipmentStatus.SHIPPED,
    "picked_up": ShipmentStatus.IN_TRANSIT,
    "transit": ShipmentStatus.IN_TRANSIT,
    "on_the_way": ShipmentStatus.IN_TRANSIT,
    "delivering": ShipmentStatus.OUT_FOR_DELIVERY,
    "failure": ShipmentStatus.EXCEPTION,
    "failed": ShipmentStatus.EXCEPTION,
    "delayed": ShipmentStatus.EXCEPTION,
    "attempted_delivery": ShipmentStatus.EXCEPTION,
}
VERBS = {
    ShipmentStatus.IN_TRANSIT: "in_transit",
    ShipmentStatus.OUT_FOR_DELIVERY: "out_for_delivery",
    ShipmentStatus.EXCEPTION: "exception",
    ShipmentStatus.DELIVERED: "deliver",
}


def normalised(status: str) -> ShipmentStatus | None:
    """Return our status for a carrier's word; None for words we do not know."""
    word = "_".join(status.casefold().replace("-", " ").replace("_", " ").split())
    if word in ShipmentStatus.values:
        return ShipmentStatus(word)
    return WORDS.get(word)


def status_after(
    current: str, new: ShipmentStatus, at: datetime, known: Iterable[tuple[str, datetime]]
) -> str:
    """Return a shipment's status when `new` is said to have happened at `at`.

    The latest event decides, in whatever order they arrive; delivered stays delivered. Of events
    at the same moment the one that arrives later wins. That it left the house is known already.
    """
    if not SHIPMENT.allows("deliver", current):
        return current
    if new == ShipmentStatus.DELIVERED:
        return SHIPMENT.after("deliver", current)
    later = any(at < other for word, other in known if word in VERBS)
    if later or new not in VERBS:
        return current
    return SHIPMENT.after(VERBS[new], current)
