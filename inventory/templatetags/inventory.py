"""Tags of the stock pages."""

from django import template

register = template.Library()


@register.filter
def who(actor: str) -> str:
    """Name an actor for a reader: `user:kim` is kim."""
    return actor.partition(":")[2] or actor
