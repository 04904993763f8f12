from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Lower

from oms.core.ids import BlockIdField
from oms.customers.addresses import AddressField

LAST_WORD = Func("name", Value(" "), Value(-1), function="split_part")


class Customer(models.Model):
    """Someone who orders, as one channel knows them.

    `origin` is the channel's slug; `external_id` the channel's own id, or what stands for it:
    `email:…` for a guest with an address, `order:…` for one without.
    """

    id = BlockIdField()
    origin = models.CharField(max_length=64)
    external_id = models.CharField(max_length=254)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    language = models.CharField(max_length=8, default="en")
    address = AddressField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["external_id", "origin"], name="one_customer_per_origin_and_id"
            ),
        ]
        indexes = [
            models.Index(fields=["email"], name="customer_email"),
            models.Index(OpClass(Lower("name"), "text_pattern_ops"), name="customer_name"),
            models.Index(OpClass(Lower(LAST_WORD), "text_pattern_ops"), name="customer_last_word"),
        ]

    def __str__(self) -> str:
        return self.name
