"""What makes a function a service: one transaction, and locks that are proven."""

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import transaction

from oms.core import locking

P = ParamSpec("P")
R = TypeVar("R")

_inside: ContextVar[bool] = ContextVar("inside_a_service", default=False)


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in a transaction: its own, or that of the service that called it.

    A service inside a service adds no savepoint (two statements each): a refusal undoes the whole
    call. Who wants to go on after a refusal opens `transaction.atomic()` around that one call.
    """

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
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
