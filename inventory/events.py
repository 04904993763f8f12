"""The facts this app makes known."""

from dataclasses import dataclass
from typing import Any

from oms.core.events import Event, passing


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
class StockFreed(Event):
    """Units that were kept for carts are free again, by SKU: what reacts may promise them."""

    name = "stock.freed"
    carts: list[str]
    units: dict[str, int]
    reason: str
    sku_ids: tuple[int, ...] = passing()


@dataclass(frozen=True, kw_only=True)
class BinsChanged(Event):
    """A zone or a bin of a location is new, or called or used otherwise."""

    name = "bins.changed"
    what: str


@dataclass(frozen=True, kw_only=True)
class LotBlocked(Event):
    """Nothing of a lot is sold until it is set free: `held` units were free, by location."""

    name = "lot.blocked"
    lot: str
    reason: str
    held: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class LotUnblocked(Event):
    """A lot may be sold again: `freed` units of it that were quarantined, by location."""

    name = "lot.unblocked"
    lot: str
    freed: dict[str, int]


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
class StockAvailable(Event):
    """A channel may promise other figures than it was told last: `levels` by SKU, its buffers taken
    off, each with the sequence of the channel's feed."""

    name = "stock.available"
    channel: str
    levels: list[dict[str, Any]]


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
class LocationCalendarSet(Event):
    """Somebody said when a location works and how much; `closed_on` are the days it does not."""

    name = "location.calendar_set"
    weekdays: list[int]
    closed_on: list[str]
    cutoff_time: str | None
    daily_capacity: int | None


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


@dataclass(frozen=True, kw_only=True)
class StockCountEvent(Event):
    """Something about a stock count at one location."""

    location: str


@dataclass(frozen=True, kw_only=True)
class StockCountRequested(StockCountEvent):
    """Somebody should count what lies in these bins."""

    name = "stock_count.requested"
    bins: list[str]


@dataclass(frozen=True, kw_only=True)
class StockCountStarted(StockCountEvent):
    """Somebody is on the way to the bins."""

    name = "stock_count.started"


@dataclass(frozen=True, kw_only=True)
class StockCountFinished(StockCountEvent):
    """Every bin was counted; so many places differ from the books."""

    name = "stock_count.finished"
    differences: int


@dataclass(frozen=True, kw_only=True)
class StockCountRecounted(StockCountEvent):
    """Places that differ are to be counted again, by somebody else."""

    name = "stock_count.recount_asked"
    skus: list[str]


@dataclass(frozen=True, kw_only=True)
class StockCountApproved(StockCountEvent):
    """The books follow the count: units found more or fewer, by SKU."""

    name = "stock_count.approved"
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class StockCountCancelled(StockCountEvent):
    """It is off; nothing was corrected."""

    name = "stock_count.cancelled"
    reason: str


@dataclass(frozen=True, kw_only=True)
class AdjustmentAsked(StockCountEvent):
    """A correction above the limit waits for a second person; `what` is a SKU or a count."""

    name = "adjustment.asked"
    what: str
    quantity_delta: int
    value: str
    currency: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AdjustmentApproved(StockCountEvent):
    """A second person let the correction happen."""

    name = "adjustment.approved"
    what: str


@dataclass(frozen=True, kw_only=True)
class AdjustmentDeclined(StockCountEvent):
    """A second person said no: the books stay."""

    name = "adjustment.declined"
    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TransferEvent(Event):
    """Something about a transfer between two locations; `units` by SKU."""

    source: str
    target: str


@dataclass(frozen=True, kw_only=True)
class TransferRequested(TransferEvent):
    """Units are reserved at the source, to be sent to the target."""

    name = "transfer.requested"
    units: dict[str, int]
    expected_on: str


@dataclass(frozen=True, kw_only=True)
class TransferShipped(TransferEvent):
    """Units left the source and are in transit. Complete when none is left to send."""

    name = "transfer.shipped"
    units: dict[str, int]
    expected_on: str
    complete: bool


@dataclass(frozen=True, kw_only=True)
class TransferReceived(TransferEvent):
    """Units came: all of them, and those of them that are damaged. Complete when all came."""

    name = "transfer.received"
    units: dict[str, int]
    damaged: dict[str, int]
    complete: bool


@dataclass(frozen=True, kw_only=True)
class TransferClosed(TransferEvent):
    """Nothing more is expected: `lost` units left and never came, `kept` ones never left."""

    name = "transfer.closed"
    reason: str
    lost: dict[str, int]
    kept: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class TransferCancelled(TransferEvent):
    """It is off before anything left; the units are free again."""

    name = "transfer.cancelled"
    reason: str
