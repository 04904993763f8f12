"""What other apps may ask of inventory."""

from inventory.services.adjusting import adjust, transfer
from inventory.services.receiving import Arrival, receive
from inventory.services.reserving import Claim, Portion, lock_supply, release, reserve, ship

__all__ = [
    "Arrival",
    "Claim",
    "Portion",
    "adjust",
    "lock_supply",
    "receive",
    "release",
    "reserve",
    "ship",
    "transfer",
]
