"""Rows made without the ceremony of a constructor: for the paths that make many."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class _Blank:
    """What a new row says of itself: values, and how to make those that are made anew."""

    values: dict[str, Any]
    made: tuple[tuple[str, Callable[[], Any]], ...]


def new(model: type[M], **values: Any) -> M:
    """Return a row of `model` with these values, by column attribute (`order_id`, not `order`).

    The same as its constructor makes, at a tenth of the cost.

    Raises: TypeError, for a name that is no column.
    """
    blank = _blank(model)
    row = model.__new__(model)
    said = row.__dict__
    said.update(blank.values)
    said.update(values)
    if len(said) != len(blank.values):
        raise TypeError(f"{model.__name__} has no {sorted(values.keys() - blank.values.keys())}")
    for name, make in blank.made:
        if name not in values:
            said[name] = make()
    said["_state"] = ModelState()
    return row


def known(model: type[M], names: Iterable[str], values: Iterable[Any]) -> M:
    """Return a row of `model` that the database holds, as `from_db` does: columns that are not
    named are read when they are asked for."""
    row = model.__new__(model)
    said = row.__dict__
    said["_state"] = state = ModelState()
    said.update(zip(names, values, strict=True))
    state.adding = False
    state.db = DEFAULT_DB_ALIAS
    return row


@functools.cache
def _blank(model: type[models.Model]) -> _Blank:
    fields = model._meta.concrete_fields
    made = [
        (field.attname, field.get_default)
        for field in fields
        if field.has_default() and callable(field.default)
    ]
    return _Blank({field.attname: field.get_default() for field in fields}, tuple(made))
