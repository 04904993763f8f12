"""Queries of the ORM that are built once in a process, and whose plans the server keeps.

Django takes longer to build a query with some joins than the server takes to answer it, and so
does the server to plan it. On the paths where that counts a query is written as ever, by a
function that is called once, with a stand-in for each of its values:

    @prepared
    def lines_of_order(*, order_id: int) -> QuerySet[OrderLine]:
        return OrderLine.objects.filter(order=order_id).order_by("pk")

What it asks for may depend on its values, how it is built may not; they go to the server as they
are.
"""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, Model, QuerySet

from oms.core import sql
from oms.core.rows import known

P = ParamSpec("P")
M = TypeVar("M", bound=Model)


class Given(Expression):
    """Where a value goes that is known when the query runs."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


def prepared(build: Callable[P, QuerySet[M]]) -> Callable[P, list[M]]:
    """Make a function that builds a query into one that runs it, and returns its rows.

    Values are passed by name, those of a `Given` within the query too (as `**given`).
    """
    parameters = inspect.signature(build).parameters.values()
    names = [each.name for each in parameters if each.kind is not each.VAR_KEYWORD]

    @functools.cache
    def query() -> _Query:
        stand_ins: dict[str, Any] = {name: Given(name) for name in names}
        return _Query(build(**stand_ins))  # type: ignore[call-arg]  # (P names its values)

    @functools.wraps(build)
    def run(*args: P.args, **values: P.kwargs) -> list[M]:
        found: list[M] = query().run(values)
        return found

    return run


class _Query:
    """A statement, and how models are made of its rows: as a queryset does it."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self._statement, self._params = compiler.as_sql()
        selected = [each[0] for each in compiler.select]
        self._made_of = _Columns(compiler.klass_info, selected)
        self._annotated = list(compiler.annotation_col_map.items())
        self._converters = list(compiler.get_converters(selected).items())

    def run(self, values: dict[str, Any]) -> list[Any]:
        params = [values[each.name] if isinstance(each, Given) else each for each in self._params]
        return [self._read(list(row)) for row in sql.run(self._statement, params)]

    def _read(self, row: list[Any]) -> Model | None:
        for position, (converters, expression) in self._converters:
            for convert in converters:
                row[position] = convert(row[position], expression, connection)
        made = self._made_of.read(row)
        for name, position in self._annotated:
            setattr(made, name, row[position])
        return made


class _Columns:
    """The columns of a model in a row, and those of the models selected with it."""

    def __init__(self, shape: Mapping[str, Any], selected: Sequence[Any]) -> None:
        first, last = shape["select_fields"][0], shape["select_fields"][-1]
        self._model: type[Model] = shape["model"]
        self._columns = slice(first, last + 1)
        self._names = [each.target.attname for each in selected[self._columns]]
        self._key = first + self._names.index(self._model._meta.pk.attname)
        self._related = [
            (each["local_setter"], each["remote_setter"], _Columns(each, selected))
            for each in shape.get("related_klass_infos", ())
        ]

    def read(self, row: Sequence[Any]) -> Model | None:
        if row[self._key] is None:
            return None
        made = known(self._model, self._names, row[self._columns])
        for refer_to, refer_back, columns in self._related:
            other = columns.read(row)
            refer_to(made, other)
            if other is not None:
                refer_back(other, made)
        return made
