"""Primary keys that are known before a row is written.

One sequence serves every table on the path of an order: each call of it gives a block of 1,000
numbers, so one round trip is enough for all rows of a request, and they sort by time.
"""

from typing import Any

from django.db import models
from django.db.models.expressions import Func

from oms.core import sql

BLOCK = 1000


class NextBlock(Func):
    """`nextval` of the shared sequence, for rows written one at a time."""

    template = "nextval('core_ids')"
    arity = 0
    output_field = models.BigIntegerField()


class BlockIdField(models.BigIntegerField):  # type: ignore[type-arg]
    """A primary key drawn from the shared sequence, by the database unless given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["primary_key"] = True
        kwargs["db_default"] = NextBlock()
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("primary_key", "db_default", "editable"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs


class Block:
    """Ids of one request, handed out in order; another block is fetched when one is used up.

    `after` is the first id of a block that was fetched already, and used for a row.
    """

    def __init__(self, after: int | None = None) -> None:
        self._next = 0 if after is None else after + 1
        self._left = 0 if after is None else BLOCK - 1
        self._more: list[int] = []

    def add(self, first: int) -> None:
        """Take in a block that was fetched with something else."""
        self._more.insert(0, first)

    def expect(self, count: int) -> None:
        """Fetch the blocks for so many ids at once."""
        blocks = max(0, -(-(count - self._left) // BLOCK))
        if blocks:
            rows = sql.run("SELECT nextval('core_ids') FROM generate_series(1, %s)", [blocks])
            self._more += [first for (first,) in reversed(rows)]

    def take(self) -> int:
        if not self._left:
            if not self._more:
                self.expect(1)
            self._next = self._more.pop()
            self._left = BLOCK
        taken = self._next
        self._next += 1
        self._left -= 1
        return taken
