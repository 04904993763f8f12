"""Tags of the order pages."""

from datetime import datetime
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal
from django import template
from django.template import Context
from django.utils import timezone
from django.utils.translation import gettext

from inventory.selectors import serving_locations
from oms.channels.naming import actor_name, channel_name
from oms.core.display import locale, span_text
from oms.core.money import exponent
from orders.models import Order, OrderChange
from orders.selectors import following
from orders.states import ChangeStatus

register = template.Library()


@register.simple_tag
def unit_price(value: Decimal, currency: str) -> str:
    """Write a price with all the decimals it has, the currency's own at least."""
    places = max(exponent(currency), -int(value.normalize().as_tuple().exponent))
    return format_decimal(value, format=f"#,##0.{'0' * places}".rstrip("."), locale=locale())


@register.filter
def language_word(code: str) -> str:
    """Name a language as the reader calls it: nl is Dutch."""
    try:
        return Locale.parse(code.replace("-", "_")).get_display_name(locale()) or code
    except (UnknownLocaleError, ValueError):
        return code


@register.filter
def said_lines(said: dict[str, object]) -> object:
    """What people read of a line: options, notes, its taxes."""
    return following.said_lines(said)


@register.inclusion_tag("orders/_following.html", takes_context=True)
def following_of(context: Context, order: Order) -> dict[str, object]:
    """How far an order follows its channel."""
    return {
        "following": following.following_of(order),
        "order": order,
        "perms": context["perms"],
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("orders/_behind.html", takes_context=True)
def behind_of(context: Context, order: Order) -> dict[str, object]:
    """What a channel said of an order and could not be done here."""
    return {
        "kept": getattr(order, "channel_order", None),
        "order": order,
        "perms": context["perms"],
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def channel_named(slug: str) -> str:
    """Name a channel: web-shop is Web shop."""
    return channel_name(slug)


@register.inclusion_tag("orders/_changes_of.html", takes_context=True)
def changes_of(context: Context, order: Order) -> dict[str, object]:
    """Show staff the changes of an order that wait to be confirmed."""
    found = OrderChange.objects.filter(order=order, status=ChangeStatus.PREVIEWED)
    return {"order": order, "changes": list(found.order_by("-id")[:5]), "perms": context["perms"]}


@register.filter
def who(actor: str) -> str:
    """Name who did something: `user:kim` is Kim Vale."""
    return actor_name(actor)


@register.filter
def place_name(code: str) -> str:
    """Name a location; its code when it serves no more."""
    return next((each.name for each in serving_locations() if each.code == code), code)


@register.filter
def age(at: datetime) -> str:
    """Say how long ago that was: 26 h."""
    return span_text((timezone.now() - at).total_seconds())


@register.simple_tag
def placed_and_shipped() -> list[str]:
    """Name the two bars of the chart of the day."""
    return [gettext("placed"), gettext("shipped")]
