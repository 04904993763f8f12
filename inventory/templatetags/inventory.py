"""Tags of the stock pages."""

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def who(actor: str) -> str:
    """Name an actor for a reader: `user:kim` is kim."""
    kind, _colon, name = actor.partition(":")
    return gettext("the system") if kind == "system" else name or actor
