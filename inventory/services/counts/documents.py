"""Getting hold of a stock count, and writing it."""

from collections.abc import Iterable

from inventory.errors import CountChanged, CountNotFound
from inventory.models import CountLine, StockCount
from oms.core.locking import lock_one

NO_BIN = "no bin"


def locked_count(number: str, expected_version: int | None = None) -> StockCount:
    """Lock a count and return it, fresh.

    Raises: CountNotFound, CountChanged when it is not the version looked at.
    """
    found = StockCount.objects.filter(number=number).select_related("location")
    count = lock_one(found, missing=CountNotFound(number=number))
    if expected_version is not None and count.version != expected_version:
        raise CountChanged(number=number)
    return count


def lines_of_count(count: StockCount) -> list[CountLine]:
    """Return its lines as the walk goes."""
    lines = CountLine.objects.filter(count=count).select_related("level__sku")
    return list(lines.order_by("bin", "level__sku__code", "lot"))


def restate_count(count: StockCount, *fields: str) -> None:
    """Write these fields, and count the change."""
    count.version += 1
    count.save(update_fields=[*fields, "version"])


def units_by_sku(lines: Iterable[CountLine]) -> dict[str, int]:
    """Return what the lines found more or fewer, by SKU."""
    found: dict[str, int] = {}
    for line in lines:
        if line.difference:
            code = line.level.sku.code
            found[code] = found.get(code, 0) + line.difference
    return found
