"""Racing in earnest: processes with connections of their own, let go at one moment."""

import multiprocessing
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

_context = multiprocessing.get_context("fork")


def race(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each work in a process of its own, all at once; return what they returned, in order.

    What a work raises comes back as its class name. Database rows must be committed before.
    """
    connections.close_all()
    barrier = _context.Barrier(len(works))
    results: Any = _context.Queue()
    runners = [
        _context.Process(target=_run, args=(work, barrier, results, number))
        for number, work in enumerate(works)
    ]
    for runner in runners:
        runner.start()
    found = dict(results.get(timeout=60) for _ in runners)
    for runner in runners:
        runner.join(timeout=10)
    return [found[number] for number in range(len(works))]


def _run(work: Callable[[], Any], barrier: Any, results: Any, number: int) -> None:
    try:
        connections["default"].connection = None  # an open one would be shared with the others
        connections["default"].ensure_connection()
        barrier.wait(timeout=30)
        answer = work()
    except Exception as error:
        answer = type(error).__name__
    results.put((number, answer))
    connections.close_all()


def once_after(function: Callable[..., Any], reached: Any, awaited: Any) -> Callable[..., Any]:
    """`function`, which at its first call lets the other side go on and waits until it has."""
    calls: list[bool] = []

    def call(*args: Any, **kwargs: Any) -> Any:
        found = function(*args, **kwargs)
        if not calls:
            calls.append(True)
            reached.set()
            assert awaited.wait(20)
        return found

    return call
