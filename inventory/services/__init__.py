"""What other apps may ask of inventory."""

from inventory.services.adjusting import adjust, transfer
from inventory.services.counting import Counted, count_stock
from inventory.services.receiving import Arrival, receive
from inventory.services.reserving import (
    Claim,
    Portion,
    lock_supply,
    release,
    reserve,
    ship,
    write_off,
)

__all__ = [
    "Arrival",
    "Claim",
    "Counted",
    "Portion",
    "adjust",
    "count_stock",
    "lock_supply",
    "receive",
    "release",
    "reserve",
    "ship",
    "transfer",
    "write_off",
]
