"""Numbers as small drawings, every one with its numbers in words. Loaded by `{% load oms %}`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oms.core.display import number_text

register = template.Library()

JOURNEY = ("allocated", "picked", "packed", "shipped", "delivered", "returned")
WORDS = {
    "returned": _("returned"),
    "delivered": _("delivered"),
    "shipped": _("shipped"),
    "packed": _("packed"),
    "picked": _("picked"),
    "allocated": _("allocated"),
    "backordered": _("backordered"),
    "cancelled": _("cancelled"),
    "rest": _("not allocated"),
}


class Part(NamedTuple):
    """Units of a line that stand at one point: its name, where its rect begins, how many."""

    name: str
    word: object
    start: int
    units: int


def _count(line: object, name: str) -> int:
    value = line.get(name) if isinstance(line, Mapping) else getattr(line, name, None)
    return max(0, int(value or 0))


def parts_of(line: object) -> tuple[int, list[Part]]:
    """Count each unit of a line once, at the furthest point it reached, furthest first.

    `line` counts the units that came at least so far, so those that stand at a point are the
    difference to the next. Returns the units ordered and the parts that are not empty.
    """
    reached = [_count(line, name) for name in JOURNEY]
    for index in range(len(reached) - 2, -1, -1):
        reached[index] = max(reached[index], reached[index + 1])
    further = [*reached[1:], 0]
    at = {name: reached[n] - further[n] for n, name in enumerate(JOURNEY)}
    at["backordered"] = _count(line, "backordered")
    at["cancelled"] = _count(line, "cancelled")
    ordered = _count(line, "quantity")
    at["rest"] = max(0, ordered - sum(at.values()))
    parts, start = [], 0
    for name, word in WORDS.items():
        if at[name]:
            parts.append(Part(name, word, start, at[name]))
            start += at[name]
    return ordered, parts


@register.inclusion_tag("components/_counters.html")
def counters(line: object, words: bool = True) -> dict[str, object]:
    """Draw where the units of a line are; `words=False` leaves the words to the reader's ear."""
    ordered, parts = parts_of(line)
    said = ", ".join(f"{part.units} {part.word}" for part in parts)
    label = gettext("{ordered} ordered: {parts}").format(ordered=ordered, parts=said)
    return {
        "parts": parts,
        "width": max(1, sum(part.units for part in parts)),
        "label": label,
        "words": words,
    }


@register.simple_tag
def share(part: int, whole: int, tone: str = "picked", label: str = "") -> SafeString:
    """Draw one part of a whole. Without a label it is decoration: the numbers stand beside it."""
    if not label:
        spoken = SafeString('aria-hidden="true"')
    else:
        spoken = format_html('role="img" aria-label="{}"', label)
    return format_html(
        '<svg class="o-bar" viewBox="0 0 {} 1" preserveAspectRatio="none" {}>'
        '<rect class="is-{}" width="{}" height="1"/></svg>',
        max(whole, part, 1),
        spoken,
        tone,
        max(0, part),
    )


@register.simple_tag
def spark(values: Sequence[float]) -> SafeString:
    """Draw how a number went, its last value marked. Decoration: the value stands beside it."""
    if len(values) < 2:
        return SafeString("")
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = 64 / (len(values) - 1)
    points = [
        (f"{3 + step * n:.1f}", f"{24 - 22 * (value - low) / span:.1f}")
        for n, value in enumerate(values)
    ]
    return format_html(
        '<svg class="o-spark" viewBox="0 0 72 26" aria-hidden="true">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2.6"/></svg>',
        " ".join(",".join(point) for point in points),
        *points[-1],
    )


def ceiling(value: float) -> int:
    """Return the round number at or above `value` that an axis can end on."""
    if value <= 4:
        return 4
    size = 10 ** math.floor(math.log10(value))
    return next(int(step * size) for step in (1, 2, 4, 5, 8, 10) if step * size >= value)


LETTER = 6.2  # how wide a letter of an axis is


@register.inclusion_tag("components/_bars.html")
def bars(rows: Sequence[Sequence[Any]], names: Sequence[str], label: str) -> dict[str, object]:
    """Draw one or two bars per row `(word, number[, number])`, with the figures as a table."""
    peak = ceiling(max((max(row[1:]) for row in rows), default=0))
    left, bottom, top, right = max(34.0, 8 + LETTER * len(number_text(peak))), 130, 14, 320
    room = (right - left) / max(1, len(rows))
    count = len(names)
    width = max(2.0, min(22.0, (room - 8) / max(1, count)))
    longest = max((len(str(row[0])) for row in rows), default=0)
    every = max(1, math.ceil((LETTER * longest + 6) / room))
    groups = []
    for n, (word, *numbers) in enumerate(rows):
        centre = left + room * (n + 0.5)
        start = centre - (width * count + 2 * (count - 1)) / 2
        groups.append(
            {
                "word": word,
                "at": f"{centre:.1f}",
                "named": n % every == 0,
                "numbers": [number_text(number) for number in numbers],
                "bars": [
                    {
                        "kind": "is-placed" if i == 0 and count > 1 else "is-out",
                        "x": f"{start + i * (width + 2):.1f}",
                        "y": f"{bottom - (bottom - top) * number / peak:.1f}",
                        "height": f"{(bottom - top) * number / peak:.1f}",
                    }
                    for i, number in enumerate(numbers)
                ],
            }
        )
    lines = [
        {"y": f"{bottom - (bottom - top) * part:.1f}", "text": number_text(round(peak * part))}
        for part in (0, 0.5, 1)
    ]
    totals = format_html_join(
        ", ",
        "{} {}",
        ((name, number_text(sum(row[i + 1] for row in rows))) for i, name in enumerate(names)),
    )
    return {
        "groups": groups,
        "lines": lines,
        "names": names,
        "label": label,
        "totals": totals,
        "width": f"{width:.1f}",
        "left": f"{left:.1f}",
        "edge": f"{left - 6:.1f}",
    }
