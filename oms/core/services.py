"""What makes a function a service: one transaction, and locks that are proven."""

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import transaction

from oms.core import batch, locking

P = ParamSpec("P")
R = TypeVar("R")

_inside: ContextVar[bool] = ContextVar("inside_a_service", default=False)


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in a transaction: its own, or that of the service that called it.

    A service inside a service adds no savepoint (two statements each): a refusal undoes the whole
    call. Who wants to go on after a refusal opens `transaction.atomic()` around that one call; in a
    batch, takes back what was added to it (`Batch.undo`).
    """

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        if opened := batch.current():
            try:
                return function(*args, **kwargs)
            except BaseException:
                opened.is_spoiled = True
                raise
        if _inside.get():
            with transaction.atomic(savepoint=False):
                return function(*args, **kwargs)
        token = _inside.set(True)
        try:
            with transaction.atomic(), locking.watched():
                return function(*args, **kwargs)
        finally:
            _inside.reset(token)

    return call


def batch_service(function: Callable[P, R]) -> Callable[P, R]:
    """A service whose rows are written together at its end, and which takes stock after that.

    New rows go through `record`, and are not to be looked for in the database before the end;
    the whole function may run several times (see `oms.core.batch.in_one_go`).
    """

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return batch.in_one_go(lambda: function(*args, **kwargs))

    return call
