"""The tags of every page: `{% load oms %}` brings these and those of `charts` and `lists`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from oms.core import display
from oms.core.templatetags import charts, lists
from oms.core.tones import tone_of

register = template.Library()
for library in (charts.register, lists.register):
    register.tags.update(library.tags)
    register.filters.update(library.filters)

NOTHING = "\N{EN DASH}"
POINTING = {"s-move", "s-back", "i-next", "i-prev", "i-return", "i-undo", "i-leave", "i-send"}
"""Symbols that point along the line of writing, and turn with it."""


@register.filter
def words(text: str) -> list[str]:
    """Split at spaces."""
    return text.split()


@register.filter
def short_count(number: int | None) -> str:
    """Return a count in few letters: 999, 1.2k. Nothing for no count."""
    return "" if number is None else display.short_number(number)


@register.simple_tag
def script_url(name: str) -> str:
    """Return the address of one of our scripts."""
    return static(f"oms/js/{name}.js")


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """Draw a symbol of the sprite. It is decoration: the word stands beside it."""
    flip = " icon-flip" if name in POINTING else ""
    return format_html(
        '<svg class="icon{}{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {classes}" if classes else "",
        flip,
        static("oms/icons.svg"),
        name,
    )


@register.simple_tag
def mark(tone: str, shape: str, word: object, plain: bool = False) -> SafeString:
    """Draw a pill of this tone, shape and word."""
    return format_html(
        '<span class="o-pill tone-{}{}">{}{}</span>',
        tone,
        " is-plain" if plain else "",
        icon(shape),
        word,
    )


@register.simple_tag
def pill(
    value: object, kind: str, plain: bool = False, word: object = "", late: bool = False
) -> SafeString:
    """Draw any status by the one table. `late`: a hold past its clock is red."""
    found = tone_of(kind, value)
    return mark("stop" if late else found.tone, found.shape, word or found.word, plain)


@register.simple_tag
def money(amount: Decimal | int | None, currency: str, symbol: bool = True) -> SafeString:
    """Write an amount in the reader's locale; a dash for none."""
    if amount is None:
        return format_html("{}", NOTHING)
    return format_html("<bdi>{}</bdi>", display.money_text(amount, currency, symbol=symbol))


@register.simple_tag
def quantity(
    number: int | None, pack: int | None = None, pack_name: str = "", sign: bool = False
) -> SafeString:
    """Write whole units, in packs where a pack is given, signed where `sign` asks for it."""
    if number is None:
        return format_html("{}", NOTHING)
    text = display.number_text(number, sign=sign)
    if pack and pack > 1:
        text = display.packs_text(number, pack, pack_name or gettext("case"))
    return format_html("<bdi>{}</bdi>", text)


@register.simple_tag
def when(
    at: dt.datetime | dt.date | None,
    tz: display.type_of_zone = None,
    relative: bool = False,
    show: str = "both",
) -> SafeString:
    """Write a moment or a day, absolute in `datetime`; relative only under a day.

    A moment is told in `tz` (a zone or its name), else in the reader's current zone.
    """
    if at is None:
        return format_html("{}", NOTHING)
    if not isinstance(at, dt.datetime):
        return format_html('<time datetime="{}">{}</time>', at.isoformat(), display.day_text(at))
    there = at.astimezone(display.zone(tz))
    now = timezone.now()
    day = display.day_text(there.date(), today=now.astimezone(there.tzinfo).date())
    absolute = {
        "date": day,
        "time": display.time_text(there),
        "both": f"{day}, {display.time_text(there)}",
    }[show]
    if relative and abs(at - now) < dt.timedelta(days=1):
        return format_html(
            '<time datetime="{}" title="{}">{}</time>',
            there.isoformat(),
            absolute,
            display.relative_text(at, now),
        )
    return format_html('<time datetime="{}">{}</time>', there.isoformat(), absolute)


@register.simple_tag
def countdown(at: dt.datetime) -> SafeString:
    """Write how long until `at`, red once it is past; with script it counts on."""
    left = (at - timezone.now()).total_seconds()
    words = gettext("in {}") if left >= 0 else gettext("{} late")
    tone = "late" if left < 0 else "soon" if left < 7200 else ""
    return format_html(
        '<time datetime="{}" data-until class="{}">{}</time>',
        at.isoformat(),
        tone,
        words.format(display.span_text(abs(left))),
    )
