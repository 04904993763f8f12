from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Right

from oms.core.ids import BlockIdField
from oms.customers.addresses import AddressField
from oms.customers.rules import PHONE_DIGITS
from oms.customers.states import MatchState

LAST_WORD = Func("name", Value(" "), Value(-1), function="split_part")
DIGITS = Func("phone", Value(r"\D"), Value(""), Value("g"), function="regexp_replace")


class Customer(models.Model):
    """Someone who orders, as one channel knows them.

    `origin` is the channel's slug; `external_id` the channel's own id, or what stands for it:
    `email:…` for a guest with an address, `order:…` for one without. `same_as` is the customer who
    stands for the person, where several are one: never one who has a `same_as` of its own.
    `matched_at` is when somebody like them was looked for last; None where that is to be done.
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
    same_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="others", null=True, blank=True
    )
    matched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["external_id", "origin"], name="one_customer_per_origin_and_id"
            ),
            models.CheckConstraint(
                condition=~Q(same_as=F("id")), name="nobody_is_the_same_as_self"
            ),
        ]
        indexes = [
            models.Index(fields=["email"], name="customer_email"),
            models.Index(OpClass(Lower("name"), "text_pattern_ops"), name="customer_name"),
            models.Index(OpClass(Lower(LAST_WORD), "text_pattern_ops"), name="customer_last_word"),
            models.Index(Lower("email"), name="customer_email_folded", condition=~Q(email="")),
            models.Index(
                Right(DIGITS, PHONE_DIGITS), name="customer_phone", condition=~Q(phone="")
            ),
            models.Index(
                fields=["id"], name="customer_to_match", condition=Q(matched_at__isnull=True)
            ),
        ]
        permissions = [("merge_customer", "Can say that customers are one person")]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """What people and addresses of pages call them."""
        return f"CU-{self.pk}"


class CustomerMatch(models.Model):
    """Two customers who may be one person, and what speaks for it; `first` has the lower key."""

    first = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    evidence = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=MatchState, default=MatchState.OPEN)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_match_per_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pairs_are_ordered"),
        ]
        indexes = [
            models.Index(fields=["id"], name="match_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"

    @property
    def both(self) -> tuple[Customer, Customer]:
        return self.first, self.second


class CustomerMerge(models.Model):
    """That customers were said to be one person: who stands for them, and who stood for each
    of the others before, so that it can be taken back as it was."""

    number = models.CharField(max_length=24, unique=True)
    kept = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges")
    moved = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=200)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.number
