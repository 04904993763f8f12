from django.core.validators import MaxValueValidator
from django.db import models

from oms.channels.states import Adapter, StockPolicy


class Channel(models.Model):
    """Where orders come from: a web shop, a marketplace, sales reps, a partner.

    `payment_gateway` names who moves money back for payments reported by this channel.
    """

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    adapter = models.CharField(max_length=16, choices=Adapter, default=Adapter.NATIVE)
    stock_policy = models.CharField(
        max_length=16, choices=StockPolicy, default=StockPolicy.BACKORDER
    )
    payment_gateway = models.CharField(max_length=32, default="manual")
    cart_minutes = models.PositiveIntegerField(
        default=60,
        db_default=60,
        validators=[MaxValueValidator(24 * 60)],
        help_text="Longest time that units are kept for a cart; 0: for none.",
    )
    most_carts = models.PositiveIntegerField(
        default=1000, db_default=1000, help_text="Carts that units are kept for at one time."
    )
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name
