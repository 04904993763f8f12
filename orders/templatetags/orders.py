"""Tags of the order pages and letters."""

from datetime import datetime
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal
from django import template
from django.utils import timezone
from django.utils.translation import gettext

from oms.core.display import locale, money_text, span_text
from oms.core.money import exponent

register = template.Library()


@register.simple_tag
def amount(value: Decimal, currency: str) -> str:
    """Write an amount as bare text, for letters without markup."""
    return money_text(value, currency)


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
def age(at: datetime) -> str:
    """Say how long ago that was: 26 h."""
    return span_text((timezone.now() - at).total_seconds())


@register.simple_tag
def placed_and_shipped() -> list[str]:
    """Name the two bars of the chart of the day."""
    return [gettext("placed"), gettext("shipped")]
