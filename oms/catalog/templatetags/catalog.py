"""`{% load catalog %}`: what a SKU looks like."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.catalog.models import Sku
from oms.catalog.pictures import drawing

register = template.Library()


@register.simple_tag
def picture(sku: Sku | str | None, size: str = "") -> SafeString:
    """Draw a SKU, or what its `picture` names; a plain parcel where there is none.

    `size` is `is-large` or `is-small`. It is decoration: the name stands beside it.
    """
    shape, tint = drawing(sku if isinstance(sku, str) else getattr(sku, "picture", ""))
    return format_html(
        '<span class="o-picture is-{}{}"><svg aria-hidden="true" focusable="false">'
        '<use href="{}#{}"/></svg></span>',
        tint,
        f" {size}" if size else "",
        static("oms/products.svg"),
        shape,
    )
