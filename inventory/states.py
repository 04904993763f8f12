"""Kinds of places, and kinds of ledger entries."""

from django.db import models


class LocationKind(models.TextChoices):
    WAREHOUSE = "warehouse", "Warehouse"
    STORE = "store", "Store"
    SUPPLIER = "supplier", "Supplier"


class MovementKind(models.TextChoices):
    """Why a stock level changed; each kind says which of the two numbers it moves."""

    RECEIVE = "receive", "Received"
    RESERVE = "reserve", "Reserved"
    RELEASE = "release", "Released"
    SHIP = "ship", "Shipped"
    RESTOCK = "restock", "Restocked from a return"
    ADJUST = "adjust", "Adjusted"
    TRANSFER_OUT = "transfer_out", "Sent to another location"
    TRANSFER_IN = "transfer_in", "Came from another location"
