"""Making a small past large: what some documents left behind, copied in the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models

from oms.core import sql
from oms.core.ids import BlockIdField


class Past:
    """Rows written inside the block of `recorded`, by every table on the path of an order.

    Such tables share one sequence, so the rows are those with the ids that it gave meanwhile.
    """

    def __init__(self, first_id: int) -> None:
        self.first_id = first_id
        self.width = 0

    def repeat(self, copies: int, *, renamed: set[str], without: set[str]) -> None:
        """Write all of it again, `copies` times, each time as other documents.

        Text that names a document (unique, or a field in `renamed`) gets a suffix; rows that
        belong together stay together. `without` are labels of models that are not repeated.
        Foreign keys and guards are not asked: what is copied has passed them.
        """
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            for model in _models_with_shared_ids():
                if model._meta.label not in without:
                    cursor.execute(self._statement(model, renamed), [copies])
            cursor.execute("SET session_replication_role = DEFAULT")
            end = self.first_id + (copies + 1) * self.width
            cursor.execute("SELECT setval('core_ids', %s)", [end])

    def _statement(self, model: type[models.Model], renamed: set[str]) -> str:
        keys = renamed | _names(model)
        columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
        values = [self._value(field, keys) for field in model._meta.concrete_fields]
        table = model._meta.db_table
        return (
            f'INSERT INTO "{table}" ({columns}) '  # noqa: S608 (names are our own)
            f"SELECT {', '.join(values)} "
            f'FROM generate_series(1, %s) copy, "{table}" '
            f"WHERE id >= {self.first_id} AND id < {self.first_id + self.width}"
        )

    def _value(self, field: models.Field[object, object], keys: set[str]) -> str:
        if field.name in keys:
            return f"\"{field.column}\" || '-' || copy"
        if isinstance(field, models.BigIntegerField | models.ForeignKey):
            here = f'"{field.column}" >= {self.first_id}'
            moved = f'"{field.column}" + copy::bigint * {self.width}'
            return f'CASE WHEN {here} THEN {moved} ELSE "{field.column}" END'
        return f'"{field.column}"'


@contextmanager
def recorded() -> Iterator[Past]:
    """Remember what is written inside the block."""
    past = Past(_next_id())
    yield past
    past.width = _next_id() - past.first_id


def _next_id() -> int:
    [(number,)] = sql.run("SELECT nextval('core_ids')")
    return int(number)


def _models_with_shared_ids() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if isinstance(model._meta.pk, BlockIdField)]


def _names(model: type[models.Model]) -> set[str]:
    """Return the fields whose text tells one document of `model` from another."""
    unique = {field.name for field in model._meta.concrete_fields if field.unique}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            unique.add(constraint.fields[0])
    text = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField) and not field.choices
    }
    return unique & text
