"""The facts this app makes known."""

from dataclasses import dataclass
from typing import Any

from oms.core.events import Event


@dataclass(frozen=True)
class Units:
    """Units of one SKU at one location."""

    sku: str
    location: str
    quantity: int
    level_id: int
    sku_id: int
    location_id: int


@dataclass(frozen=True, kw_only=True)
class StockReceived(Event):
    """Units came in, from a supplier, a count or a return. `units` are on their way to the shelf
    in this same transaction: what reacts may promise them."""

    name = "stock.received"
    units: tuple[Units, ...]

    @property
    def facts(self) -> dict[str, Any]:
        units = [
            {"sku": each.sku, "location": each.location, "quantity": each.quantity}
            for each in self.units
        ]
        return {**super().facts, "units": units}


@dataclass(frozen=True, kw_only=True)
class StockLow(Event):
    """A SKU runs low at a location. `cover_days` is empty where its pace is not known."""

    name = "stock.low"
    sku: str
    location: str
    available: int
    coming: int
    reorder_point: int
    cover_days: str


@dataclass(frozen=True, kw_only=True)
class StockOut(Event):
    """No location has any of a SKU that orders wait for: units, orders, and since when."""

    name = "stock.out"
    sku: str
    units: int
    orders: int
    since: str


@dataclass(frozen=True, kw_only=True)
class SupplierChanged(Event):
    """Somebody changed what we know of a supplier, or what it supplies."""

    name = "supplier.changed"
    changes: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class StockRulesChanged(Event):
    """Somebody changed when more of a SKU is ordered for a location."""

    name = "stock.rules_changed"
    sku: str
    location: str
    reorder_point: int
    reorder_up_to: int
    safety_stock: int


@dataclass(frozen=True, kw_only=True)
class ChannelBufferSet(Event):
    """Somebody said how many units a channel is not told of. Of all SKUs where none is named;
    `units` is None where the figure was taken away."""

    name = "channel_buffer.set"
    channel: str
    sku: str
    units: int | None


@dataclass(frozen=True, kw_only=True)
class ReplenishmentEvent(Event):
    """Something about a replenishment order; `units` by SKU."""

    supplier: str
    location: str


@dataclass(frozen=True, kw_only=True)
class ReplenishmentProposed(ReplenishmentEvent):
    """Stock runs low: so much should be ordered. Told again when the proposal changes."""

    name = "replenishment.proposed"
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class ReplenishmentEdited(ReplenishmentEvent):
    """A person changed what is proposed."""

    name = "replenishment.edited"
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class ReplenishmentApproved(ReplenishmentEvent):
    """It may be sent as it is."""

    name = "replenishment.approved"
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class ReplenishmentSent(ReplenishmentEvent):
    """The supplier is asked for it."""

    name = "replenishment.sent"
    expected_on: str


@dataclass(frozen=True, kw_only=True)
class ReplenishmentReminded(ReplenishmentEvent):
    """The supplier was told again what is missing."""

    name = "replenishment.reminded"
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class ReplenishmentLinkRevoked(ReplenishmentEvent):
    """The links sent so far open nothing any more."""

    name = "replenishment.link_revoked"


@dataclass(frozen=True, kw_only=True)
class ReplenishmentCommitted(ReplenishmentEvent):
    """The supplier said what comes when: by SKU, the units by day, and what will not come."""

    name = "replenishment.committed"
    answers: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class ReplenishmentReceived(ReplenishmentEvent):
    """Units came: those taken in, and those rejected. Complete when none is missing any more."""

    name = "replenishment.received"
    units: dict[str, int]
    rejected: dict[str, int]
    complete: bool


@dataclass(frozen=True, kw_only=True)
class ReplenishmentClosed(ReplenishmentEvent):
    """Nothing more is expected; `missing` units by SKU never came."""

    name = "replenishment.closed"
    reason: str
    missing: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class ReplenishmentCancelled(ReplenishmentEvent):
    """It is off. A supplier that knew of it is told."""

    name = "replenishment.cancelled"
    reason: str
    was_sent: bool
