"""Parts of pages: views, chips, pages, timelines, banners. Loaded by `{% load oms %}`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from oms.core import display

register = template.Library()


class FilterSet(Protocol):
    """What the chips need of a django-filter set."""

    @property
    def form(self) -> BaseForm: ...


def _get(thing: object, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


@register.inclusion_tag("components/_tabs.html")
def tabs(items: Iterable[object], label: str = "") -> dict[str, object]:
    """Offer the views of a list: `label, url, count, current` each."""
    return {"items": items, "label": label or gettext("Views")}


@register.inclusion_tag("components/_empty.html")
def empty(
    icon: str,
    title: str,
    text: str = "",
    action_url: str = "",
    action_label: str = "",
    tone: str = "",
) -> dict[str, object]:
    """Say what would be here and the next step; `tone="stop"` for what failed."""
    return {
        "icon": icon,
        "title": title,
        "text": text,
        "action_url": action_url,
        "action_label": action_label,
        "tone": f"tone-{tone}" if tone else "",
    }


@register.simple_block_tag
def banner(content: str, tone: str, shape: str, title: str) -> SafeString:
    """Say what stops, who set it and why, what clears it. An `is-act` inside holds the buttons."""
    return render_to_string(
        "components/_banner.html",
        {"content": content, "tone": tone, "shape": shape, "title": title},
    )


@register.inclusion_tag("components/_form_errors.html")
def form_errors(form: BaseForm) -> dict[str, object]:
    """Sum up what is wrong in a form, with links to the fields; it takes the focus."""
    return {"form": form}


@register.inclusion_tag("components/_timeline.html")
def timeline(entries: Iterable[object], tz: display.type_of_zone = None) -> dict[str, object]:
    """Tell what happened, newest first by day, and what comes next on top.

    Each entry has `at, title, detail, tone, shape` and perhaps `url`. Times are told in `tz`.
    """
    place = display.zone(tz)
    now = timezone.now()
    today = now.astimezone(place).date()
    days: dict[str, list[dict[str, object]]] = {}
    for entry in sorted(entries, key=lambda each: _get(each, "at"), reverse=True):
        at: dt.datetime = _get(entry, "at").astimezone(place)
        ahead = at > now
        day = gettext("Next") if ahead else _day(at.date(), today)
        time = display.time_text(at)
        days.setdefault(day, []).append(
            {
                "title": _get(entry, "title"),
                "detail": _get(entry, "detail") or "",
                "tone": _get(entry, "tone") or "quiet",
                "shape": _get(entry, "shape") or "s-ring",
                "url": _get(entry, "url") or "",
                "at": at.isoformat(),
                "time": f"{_day(at.date(), today)}, {time}" if ahead else time,
            }
        )
    return {"days": days.items()}


def _day(day: dt.date, today: dt.date) -> str:
    if day == today:
        return gettext("Today")
    if day == today - dt.timedelta(days=1):
        return gettext("Yesterday")
    return display.day_text(day, today=today)


@register.inclusion_tag("components/_pager.html", takes_context=True)
def pager(context: Context, page: object) -> dict[str, object]:
    """Link to newer and older rows by cursor, keeping all filters. `page.newer`, `page.older`."""
    query = _query(context)
    return {
        "newer": _with(query, "cursor", _get(page, "newer")),
        "older": _with(query, "cursor", _get(page, "older")),
    }


@register.inclusion_tag("components/_chips.html", takes_context=True)
def chips(context: Context, filterset: FilterSet) -> dict[str, object]:
    """Show the filters in force as chips; the cross of each leads to the list without it."""
    query = _query(context)
    form = filterset.form
    hidden = {"search", "q", "cursor", "sort", "o"}
    found = []
    for field in form:
        keys = [
            key for key in query if key == field.html_name or key.startswith(f"{field.html_name}_")
        ]
        if field.name in hidden or not any(any(query.getlist(key)) for key in keys):
            continue
        found.append(
            {
                "label": field.label,
                "value": _said(field, query, keys),
                "url": _without(query, [*keys, "cursor"]),
            }
        )
    kept = [key for key in query if key in {"sort", "o", "view"}]
    clear = _without(query, [key for key in query if key not in kept])
    return {"chips": found, "clear": clear if len(found) > 1 else ""}


def _said(field: BoundField, query: QueryDict, keys: Sequence[str]) -> str:
    values = [value for key in keys for value in query.getlist(key) if value]
    choices = getattr(field.field, "choices", ())
    names = {
        str(key): str(label)
        for key, group in choices
        for key, label in (group if isinstance(group, (list, tuple)) else [(key, group)])
    }
    yes_no = {"true": gettext("yes"), "on": gettext("yes"), "false": gettext("no")}
    return ", ".join(names.get(value) or yes_no.get(value.lower(), value) for value in values)


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET if isinstance(request, HttpRequest) else QueryDict()


def _without(query: QueryDict, keys: Iterable[str]) -> str:
    rest = query.copy()
    for key in set(keys):
        rest.pop(key, None)
    return f"?{rest.urlencode()}"


def _with(query: QueryDict, key: str, value: object) -> str:
    if value is None or value == "":
        return ""
    rest = query.copy()
    rest[key] = str(value)
    return f"?{rest.urlencode()}"
