"""Through what the house speaks, to whom, and how much a notice asks of its reader."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oms.core.states import Lifecycle


class Medium(models.TextChoices):
    """The ways a message goes out."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")
    CHAT = "chat", _("Team chat")


class Audience(models.TextChoices):
    """Who a letter is for."""

    CUSTOMER = "customer", _("Customers")
    COMPANY = "company", _("Companies and their buyers")
    TEAM = "team", _("Your team")
    SUPPLIER = "supplier", _("Suppliers")


class NoticeLevel(models.TextChoices):
    """Good to know, to be looked at, or to be done now."""

    INFO = "info", _("For your information")
    ATTENTION = "attention", _("To look at")
    URGENT = "urgent", _("To do now")


class EndpointState(models.TextChoices):
    """Whether a webhook endpoint is called."""

    ENABLED = "enabled", _("On")
    DISABLED = "disabled", _("Off")
    REMOVED = "removed", _("Removed")


SWITCHES = [(each.value, each.label) for each in (EndpointState.ENABLED, EndpointState.DISABLED)]

ENDPOINT = Lifecycle(
    "webhook endpoint",
    {
        "enable": ([EndpointState.DISABLED], EndpointState.ENABLED),
        "disable": ([EndpointState.ENABLED], EndpointState.DISABLED),
        "remove": ([EndpointState.ENABLED, EndpointState.DISABLED], EndpointState.REMOVED),
    },
)


class DeliveryState(models.TextChoices):
    """How far one event got on its way to one endpoint."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Given up")


DELIVERY = Lifecycle(
    "webhook delivery",
    {
        "deliver": ([DeliveryState.WAITING], DeliveryState.DELIVERED),
        "give up": ([DeliveryState.WAITING], DeliveryState.FAILED),
        "replay": ([DeliveryState.DELIVERED, DeliveryState.FAILED], DeliveryState.WAITING),
    },
)
