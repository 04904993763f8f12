"""What is free for all documents of one batch, read once, and less with each that takes of it."""

from collections.abc import Iterable, Sequence

from inventory.models import CartReservation, StockLevel
from inventory.selectors import Supply, serving_locations, supply
from inventory.services.ledger import SUPPLY, Entry, settle
from inventory.states import HELD
from oms.catalog.models import Sku
from oms.core import sql
from oms.core.batch import Batch, ahead, current
from oms.core.locking import lock, note
from oms.core.services import service

LAPSING = """
SELECT DISTINCT s.sku_id FROM inventory_cartreservation c
JOIN inventory_cartline l ON l.cart_id = c.id
JOIN inventory_reservation r ON r.id = l.reservation_id
JOIN inventory_stocklevel s ON s.id = r.level_id
WHERE c.status = 'open' AND c.expires_at <= now() AND r.quantity > 0 AND s.sku_id = ANY(%s)
"""


class SupplyAhead:
    """Free units by SKU and location, as they will be when the batch is written."""

    def __init__(self, found: Iterable[Supply], batch: Batch) -> None:
        self._levels: dict[int, Supply] = {}
        self._of_sku: dict[int, list[int]] = {}
        self._batch = batch
        for each in found:
            self._levels[each.level_id] = each
            self._of_sku.setdefault(each.sku_id, []).append(each.level_id)

    def of(self, sku_ids: Iterable[int], location_ids: Iterable[int]) -> list[Supply]:
        here = frozenset(location_ids)
        levels = self._levels
        return [
            levels[pk]
            for sku_id in dict.fromkeys(sku_ids)
            for pk in self._of_sku.get(sku_id, ())
            if levels[pk].location_id in here
        ]

    def move(self, entries: Sequence[Entry]) -> None:
        """Follow ledger entries of the batch."""
        before = []
        for each in entries:
            level = self._levels.get(each.level_id)
            if level is None:
                continue
            before.append(level)
            delta = (0 if each.state in HELD else each.units) - each.reserved
            self._levels[level.level_id] = Supply(
                level.level_id, level.sku_id, level.location_id, level.available + delta
            )
        if before:
            self._batch.moved(lambda: self._set(reversed(before)))

    def _set(self, levels: Iterable[Supply]) -> None:
        for each in levels:
            self._levels[each.level_id] = each


def read_supply_ahead(*, sku_ids: Iterable[int]) -> set[int]:
    """Read what is free of these SKUs wherever orders are served, for the rest of the open batch;
    return those of them that lie in carts whose time is over, for who wants these.

    On the batch's last attempt the levels are locked. Two queries.

    Locks: StockLevel.
    """
    batch = current()
    assert batch is not None  # noqa: S101 (asked for by who opened it)
    batch.close_with(settle, [])
    wanted = sorted(set(sku_ids))
    places = [place.pk for place in serving_locations()]
    if batch.is_last:
        note(StockLevel)
    found = supply(sku_ids=wanted, location_ids=places, lock=batch.is_last)
    batch.ahead[SUPPLY] = SupplyAhead(found, batch)
    return {sku_id for (sku_id,) in sql.run(LAPSING, [wanted])}


def supply_ahead() -> SupplyAhead | None:
    """What was read ahead in the open batch, if it was."""
    found: SupplyAhead | None = ahead(SUPPLY)
    return found


@service
def lock_carts(*, channel_id: int, keys: Sequence[str]) -> None:
    """Lock the carts that several orders of a batch are about to take over.

    Locks: CartReservation.
    """
    lock(CartReservation.objects.filter(channel_id=channel_id, key__in=sorted(set(keys))))


@service
def lock_skus(*, sku_ids: Sequence[int]) -> None:
    """Lock SKUs of which only so many may be promised that are not there yet.

    Locks: Sku.
    """
    lock(Sku.objects.filter(pk__in=sku_ids))
