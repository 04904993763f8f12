"""Through what the house speaks, to whom, and how much a notice asks of its reader."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
