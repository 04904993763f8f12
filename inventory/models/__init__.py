"""One file per subject."""

from inventory.models.bins import Bin, Quant, Zone
from inventory.models.carts import CartLine, CartReservation
from inventory.models.counts import (
    AdjustmentLimit,
    AdjustmentRequest,
    CountBin,
    CountLine,
    StockCount,
)
from inventory.models.handling import Handling
from inventory.models.promises import ChannelBuffer
from inventory.models.replenishment import (
    Commitment,
    Receipt,
    ReceiptLine,
    ReplenishmentLine,
    ReplenishmentOrder,
)
from inventory.models.stock import (
    Location,
    LocationAssignment,
    Lot,
    Movement,
    Reservation,
    StockLevel,
)
from inventory.models.suppliers import Supplier, SupplierSku
from inventory.models.told import ToldAvailability
from inventory.models.transfers import Transfer, TransferEntry, TransferLine, TransferStep

__all__ = [
    "AdjustmentLimit",
    "AdjustmentRequest",
    "Bin",
    "CartLine",
    "CartReservation",
    "ChannelBuffer",
    "Commitment",
    "CountBin",
    "CountLine",
    "Handling",
    "Location",
    "LocationAssignment",
    "Lot",
    "Movement",
    "Quant",
    "Receipt",
    "ReceiptLine",
    "ReplenishmentLine",
    "ReplenishmentOrder",
    "Reservation",
    "StockCount",
    "StockLevel",
    "Supplier",
    "SupplierSku",
    "ToldAvailability",
    "Transfer",
    "TransferEntry",
    "TransferLine",
    "TransferStep",
    "Zone",
]
