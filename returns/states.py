"""Every state a return can be in, why units come back, and what becomes of them.

A return is `partly_received` until every unit that was announced has come, and `inspected` as
soon as every unit that has come is graded: it may be settled then, or wait for the rest. It ends
`settled` when its money went back by hand or there was none to give, and `closed` once a payment
gateway has confirmed that the money arrived.
"""

from django.db import models

from oms.core.states import Lifecycle


class ReturnStatus(models.TextChoices):
    REQUESTED = "requested", "Requested"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    IN_TRANSIT = "in_transit", "In transit"
    PARTLY_RECEIVED = "partly_received", "Partly received"
    RECEIVED = "received", "Received"
    INSPECTED = "inspected", "Inspected"
    SETTLED = "settled", "Settled"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


S = ReturnStatus
EXPECTED = [S.APPROVED, S.IN_TRANSIT, S.PARTLY_RECEIVED, S.RECEIVED, S.INSPECTED]
HERE = [S.PARTLY_RECEIVED, S.RECEIVED, S.INSPECTED]
OPEN = [S.REQUESTED, *EXPECTED]

RETURN = Lifecycle(
    "return",
    {
        # verb          from                          to
        "approve":      ([S.REQUESTED],               S.APPROVED),
        "decline":      ([S.REQUESTED],               S.DECLINED),
        "send":         ([S.APPROVED],                S.IN_TRANSIT),
        "receive_part": (EXPECTED,                    S.PARTLY_RECEIVED),
        "receive":      (EXPECTED,                    S.RECEIVED),
        "inspect":      (HERE,                        S.INSPECTED),
        "settle":       ([S.INSPECTED],               S.SETTLED),
        "close":        ([S.SETTLED],                 S.CLOSED),
        "cancel":       ([S.REQUESTED, S.APPROVED, S.IN_TRANSIT], S.CANCELLED),
    },
)  # fmt: skip


class Resolution(models.TextChoices):
    """What the customer wants for the units."""

    REFUND = "refund", "Money back"
    EXCHANGE = "exchange", "Other goods"
    STORE_CREDIT = "store_credit", "Store credit"


OFFERED = (Resolution.REFUND,)


class Reason(models.TextChoices):
    """Why units come back, in the customer's words."""

    UNWANTED = "unwanted", "I changed my mind"
    DOES_NOT_FIT = "does_not_fit", "It does not fit"
    NOT_AS_DESCRIBED = "not_as_described", "It is not as described"
    DAMAGED = "damaged", "It arrived damaged"
    DEFECTIVE = "defective", "It does not work"
    WRONG_ITEM = "wrong_item", "I got something else"
    LATE = "late", "It came too late"
    OTHER = "other", "Something else"


class Condition(models.TextChoices):
    """What state a unit came back in."""

    NEW = "new", "Like new"
    OPENED = "opened", "Opened"
    DAMAGED = "damaged", "Damaged"
    DEFECTIVE = "defective", "Defective"
    MISSING_PARTS = "missing_parts", "Parts are missing"


class Disposition(models.TextChoices):
    """What becomes of a unit. Restocked ones are promised again; those to refurbish are held for
    quality control, those in quarantine there, until somebody frees them; the others are gone.
    """

    RESTOCK = "restock", "Restock"
    REFURBISH = "refurbish", "Refurbish"
    QUARANTINE = "quarantine", "Quarantine"
    SCRAP = "scrap", "Scrap"
