"""Tags of the subscription pages."""

from collections.abc import Mapping
from typing import Any

from django import template

from orders.letters_subscriptions import rhythm_words
from orders.models import Subscription

register = template.Library()


@register.simple_tag
def rhythm(subscription: Subscription) -> str:
    """Say how often it comes: "Every 4 weeks"."""
    words = rhythm_words(subscription.every, subscription.unit)
    return words[0].upper() + words[1:]


@register.filter
def of(rows: Mapping[int, Any], key: int) -> Any:
    """Return the rows of one key."""
    return rows.get(key, ())
