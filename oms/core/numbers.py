"""Document numbers: the identity that people and programs outside know.

Documents of one order carry its number (`SO-10042`, `FO-10042-1`, `SH-10042-1`), so that
whoever holds a slip knows the order. Money documents have series of their own, without gaps.
"""

from oms.core import locking, sql
from oms.core.models import NumberSeries


def order_number() -> str:
    """Return the next order number. Gaps are possible: a rolled-back order leaves one."""
    [(number,)] = sql.run("SELECT nextval('core_order_numbers')")
    return f"SO-{number}"


def part_number(prefix: str, order_number: str, nth: int) -> str:
    """Return the number of an order's nth document of a kind: `FO-10042-2`.

    Counted under the lock on the order, so that it is given once.
    """
    return f"{prefix}-{order_number.removeprefix('SO-')}-{nth}"


def gapless_number(prefix: str) -> str:
    """Return the next number of a series that has no gaps (`RF-1001`).

    The series stays locked until the transaction ends; a rollback takes the number back.

    Locks: NumberSeries.
    """
    locking.note(NumberSeries)
    [(number,)] = sql.run(
        "INSERT INTO core_numberseries (prefix, last) VALUES (%s, 1001) "
        "ON CONFLICT (prefix) DO UPDATE SET last = core_numberseries.last + 1 RETURNING last",
        [prefix],
    )
    return f"{prefix}-{number}"
