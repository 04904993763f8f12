"""Tags of the stock pages."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext

from oms.core.documents import document_url

register = template.Library()


@register.filter
def who(actor: str) -> str:
    """Name an actor for a reader: `user:kim` is kim."""
    kind, _colon, name = actor.partition(":")
    return gettext("the system") if kind == "system" else name or actor


@register.simple_tag(takes_context=True)
def document(context: dict[str, Any], number: str) -> str:
    """Name a document, as a link where the reader may see it."""
    url = document_url(number, context["request"].user)
    return format_html('<a href="{}">{}</a>', url, number) if url else number
