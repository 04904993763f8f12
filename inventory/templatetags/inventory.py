"""Tags of the stock pages."""

from typing import Any

from django import template
from django.utils.html import format_html

from oms.channels.naming import actor_name
from oms.core.documents import document_url

register = template.Library()


@register.filter
def who(actor: str) -> str:
    """Name an actor for a reader."""
    return actor_name(actor)


@register.simple_tag(takes_context=True)
def document(context: dict[str, Any], number: str) -> str:
    """Name a document, as a link where the reader may see it."""
    url = document_url(number, context["request"].user)
    return format_html('<a href="{}">{}</a>', url, number) if url else number
