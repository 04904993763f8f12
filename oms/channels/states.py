"""What channels speak, what their keys may do, what they want when stock is short, and how far
a message of theirs is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oms.core.states import Lifecycle


class Adapter(models.TextChoices):
    NATIVE = "native", "Native"
    SHOPIFY = "shopify", "Shopify"
    WOOCOMMERCE = "woocommerce", "WooCommerce"
    AMAZON = "amazon", "Amazon"
    BIGCOMMERCE = "bigcommerce", "BigCommerce"
    SHIPSTATION = "shipstation", "ShipStation"


class StockPolicy(models.TextChoices):
    BACKORDER = "backorder", "Accept and backorder"
    REFUSE = "refuse", "Refuse the order"


class Scope(models.TextChoices):
    ORDERS = "orders", "Place, read, change and cancel orders"
    RETURNS = "returns", "Ask for returns"
    RETURNS_PROCESS = "returns:process", "Approve, receive, inspect and settle returns"
    FULFILLMENT = "fulfillment", "Pick, pack and ship"
    STOCK = "stock", "Read and change stock"
    WEBHOOKS = "webhooks", "Manage webhooks, read facts"
    B2B = "b2b", "Business customers"
    REPORTS = "reports", "Reports"


DEFAULT_SCOPES = [Scope.ORDERS, Scope.RETURNS]


class InboundState(models.TextChoices):
    """How far a message of a channel is: kept, carried out, of no use, or not understood."""

    STORED = "stored", _("Waiting")
    APPLIED = "applied", _("Applied")
    IGNORED = "ignored", _("Ignored")
    QUARANTINED = "quarantined", _("Quarantined")


INBOUND = Lifecycle(
    "message of a channel",
    {
        "apply": ([InboundState.STORED], InboundState.APPLIED),
        "ignore": ([InboundState.STORED], InboundState.IGNORED),
        "quarantine": ([InboundState.STORED], InboundState.QUARANTINED),
        "reprocess": (list(InboundState), InboundState.STORED),
    },
)


class MessageSource(models.TextChoices):
    """Whether the channel sent it, or we fetched it there."""

    WEBHOOK = "webhook", _("Sent to us")
    FETCH = "fetch", _("Fetched")


class Traffic(models.TextChoices):
    """What happens at the door of a channel, as it is counted."""

    ACCEPTED = "accepted", _("Accepted")
    DUPLICATE = "duplicate", _("Sent again")
    CONFLICT = "conflict", _("Same id, other content")
    REFUSED = "refused", _("Not proven to be the channel's")
    STALE = "stale", _("Too old, or from the future")
    QUARANTINED = "quarantined", _("Quarantined")


class FileState(models.TextChoices):
    """How far a file is that somebody brought."""

    ARRIVED = "arrived", _("To be mapped")
    CHECKING = "checking", _("Being looked at")
    CHECKED = "checked", _("Looked at")
    WRITING = "writing", _("Being brought in")
    STOPPED = "stopped", _("Stopped")
    DONE = "done", _("Brought in")
    DISCARDED = "discarded", _("Put away")


FILE = Lifecycle(
    "file",
    {
        "check": ([FileState.ARRIVED, FileState.CHECKED], FileState.CHECKING),
        "refuse": ([FileState.CHECKING], FileState.ARRIVED),
        "show": ([FileState.CHECKING, FileState.WRITING], FileState.CHECKED),
        "bring in": ([FileState.CHECKED], FileState.WRITING),
        "stop": ([FileState.WRITING], FileState.STOPPED),
        "resume": ([FileState.STOPPED], FileState.WRITING),
        "finish": ([FileState.WRITING], FileState.DONE),
        "put away": (
            [FileState.ARRIVED, FileState.CHECKING, FileState.CHECKED, FileState.STOPPED],
            FileState.DISCARDED,
        ),
    },
)
UNDER_WAY = (FileState.CHECKING, FileState.WRITING)
OVER = (FileState.DONE, FileState.DISCARDED)
