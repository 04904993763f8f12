"""Getting hold of a replenishment order, and writing it."""

from collections.abc import Iterable

from inventory.errors import ReplenishmentChanged, ReplenishmentNotFound
from inventory.models import ReplenishmentLine, ReplenishmentOrder
from oms.core.locking import lock_one


def locked_replenishment(number: str, expected_version: int | None = None) -> ReplenishmentOrder:
    """Lock a replenishment order and return it, fresh.

    Raises: ReplenishmentNotFound, ReplenishmentChanged when it is not the version looked at.
    """
    found = ReplenishmentOrder.objects.filter(number=number)
    order = lock_one(
        found.select_related("supplier", "location"), missing=ReplenishmentNotFound(number=number)
    )
    if expected_version is not None and order.version != expected_version:
        raise ReplenishmentChanged(number=number)
    return order


def lines_of(order: ReplenishmentOrder) -> list[ReplenishmentLine]:
    lines = ReplenishmentLine.objects.filter(order=order).select_related("sku")
    return list(lines.order_by("sku__code"))


def units_of(lines: Iterable[ReplenishmentLine]) -> dict[str, int]:
    return {line.sku.code: line.quantity for line in lines}


def missing_of(lines: Iterable[ReplenishmentLine]) -> dict[str, int]:
    return {line.sku.code: line.missing for line in lines if line.missing}


def restate(order: ReplenishmentOrder, *fields: str) -> None:
    """Write these fields, and count the change."""
    order.version += 1
    order.save(update_fields=[*fields, "version"])
