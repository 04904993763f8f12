"""Getting hold of a return: the order is locked first, and its returns with it."""

from collections.abc import Iterable

from orders.models import Order
from orders.services import lock_order
from returns.errors import ReturnChanged, ReturnNotFound
from returns.models import ReturnAuthorization, ReturnLine


def locked_return(
    number: str, expected_version: int | None = None
) -> tuple[Order, ReturnAuthorization]:
    """Lock the order of a return; return both, fresh.

    Every change of a return happens under this lock, so the return needs none of its own.

    Raises: ReturnNotFound, ReturnChanged when it is not the version the caller looked at.
    """
    found = ReturnAuthorization.objects.filter(number=number)
    order_number = found.values_list("order__number", flat=True).first()
    if order_number is None:
        raise ReturnNotFound(number=number)
    order = lock_order(number=order_number)
    document = found.select_related("location").get()
    if expected_version is not None and document.version != expected_version:
        raise ReturnChanged(number=number)
    return order, document


def lines_of(document: ReturnAuthorization) -> list[ReturnLine]:
    lines = ReturnLine.objects.filter(authorization=document)
    return list(lines.select_related("order_line__sku").order_by("id"))


def changed(document: ReturnAuthorization, *fields: str) -> None:
    """Write these fields, and count the change."""
    document.version += 1
    document.save(update_fields=[*fields, "version"])


def by_sku(lines: Iterable[ReturnLine]) -> dict[str, list[ReturnLine]]:
    found: dict[str, list[ReturnLine]] = {}
    for line in lines:
        found.setdefault(line.order_line.sku_code, []).append(line)
    return found
