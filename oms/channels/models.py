from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from oms.channels.states import Adapter, Scope, StockPolicy
from oms.core.ids import BlockIdField


class Channel(models.Model):
    """Where orders come from: a web shop, a marketplace, sales reps, a partner.

    `payment_gateway` names who moves money back for payments reported by this channel.
    """

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    adapter = models.CharField(max_length=16, choices=Adapter, default=Adapter.NATIVE)
    secret = models.CharField(max_length=200, blank=True, default="")
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


class ApiKey(models.Model):
    """A key for one channel, or for one user; only its hash is kept.

    The first twelve characters (`prefix`) find the row; SHA-256 proves the rest: the secret has
    256 random bits, so a slow hash would add nothing.
    """

    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="keys", null=True, blank=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    scopes = ArrayField(models.CharField(max_length=24, choices=Scope), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__isnull=True) ^ Q(user__isnull=True),
                name="key_of_a_channel_or_a_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…"


class IdempotencyRecord(models.Model):
    """A key that was used, for what, and the answer that was given; a repeat gets it again."""

    id = BlockIdField()
    principal = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    request = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "principal"], name="one_answer_per_principal_and_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal} {self.key}"
