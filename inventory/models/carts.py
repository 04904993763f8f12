from django.db import models
from django.db.models import Q

from inventory.models.stock import Location, Reservation
from inventory.states import CartStatus
from oms.channels.models import Channel
from oms.core.ids import BlockIdField


class CartReservation(models.Model):
    """Units kept for a customer of a channel while he pays, until a moment by the database's clock.

    `key` is the channel's own name for the cart, once for ever: it may be reserved for again after
    its time is over, but becomes an order once.
    """

    id = BlockIdField()
    number = models.CharField(max_length=40, unique=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=100)
    status = models.CharField(max_length=16, choices=CartStatus, default=CartStatus.OPEN)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    country = models.CharField(max_length=2, blank=True, default="")
    postal_code = models.CharField(max_length=20, blank=True, default="")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=160, blank=True, default="")
    end_reason = models.CharField(max_length=200, blank=True, default="")
    order_number = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "key"], name="one_cart_per_channel_and_key"),
            models.CheckConstraint(
                condition=Q(status__in=CartStatus.values), name="cart_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at", "id"], name="cart_open", condition=Q(status="open")),
            models.Index(
                fields=["channel", "expires_at", "id"],
                name="cart_open_of_channel",
                condition=Q(status="open"),
            ),
        ]
        default_permissions = ("view",)
        permissions = [("end_cartreservation", "Can end cart reservations of channels")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status == CartStatus.OPEN


class CartLine(models.Model):
    """Units of a cart at one stock level; their reservation is emptied when the cart ends."""

    id = BlockIdField()
    cart = models.ForeignKey(CartReservation, on_delete=models.PROTECT, related_name="lines")
    reservation = models.OneToOneField(Reservation, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.quantity} for {self.cart_id}"
