"""Doing something for real, looking at what came of it, and undoing all of it.

A preview is not a second way of working something out: it runs the services themselves, with the
reactions that follow, so what it shows is what would happen.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from oms.core import batch, locking
from oms.core.ids import Block


@contextmanager
def rehearsal() -> Iterator[int]:
    """Undo at the end everything that is done inside; a refusal goes through.

    Gives a mark: rows with block ids that are written inside have a higher id. Inside an open
    batch it stands apart from it. Locks taken inside are given back with the rest.
    """
    with batch.apart(), locking.watched(), transaction.atomic():
        yield Block().take()
        transaction.set_rollback(True)
