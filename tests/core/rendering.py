"""Drawing a template of the house."""

import datetime as dt

from django.template import Context, Template

NOW = dt.datetime(2026, 11, 18, 10, 2, tzinfo=dt.UTC)


def render(source: str, **context: object) -> str:
    return Template("{% load oms %}" + source).render(Context(context)).strip()
