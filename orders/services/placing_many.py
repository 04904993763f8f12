"""Many orders of one channel at once: each is decided on as if it came alone, all are written
together."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from django.db import transaction

from inventory import services as inventory
from inventory.selectors import release_dates
from oms.catalog.selectors import read_skus_ahead, skus_asked
from oms.channels.principals import ChannelPrincipal
from oms.core import locking, sql
from oms.core.actors import Actor
from oms.core.batch import current
from oms.core.errors import Refusal
from oms.core.services import batch_service
from oms.customers.services import key_of, read_customers_ahead
from orders.errors import DuplicateOrderDiffers
from orders.rules.differences import differences
from orders.rules.wanted import NewOrder
from orders.services.documents import read_orders_ahead
from orders.services.known import KnownOrder, as_asked_for
from orders.services.placing import PlacedOrder, place_order, same
from orders.services.recording import record_past_order

Placed = PlacedOrder | Refusal
ROWS = 9
ROWS_OF_A_LINE = 5
"""About how many rows an order and a line of it become."""


@batch_service
def place_orders(
    *,
    wanted: Sequence[NewOrder],
    channel: ChannelPrincipal,
    by: Actor,
    at: datetime,
    endings: Mapping[str, str] = MappingProxyType({}),
) -> list[Placed]:
    """Accept orders, one after the other, in one transaction; return what became of each.

    Each is routed from what those before it leave, and refused for what it would be refused for
    alone: a refusal stands in its place, and undoes nothing else. Those that were sent before are
    returned as they stand. Reads, writes and locks do not grow with the orders, but for those
    that take over a cart, take units of a cart whose time is over, or are refused what is not out
    yet: these are placed by themselves, between the others. Those that came to their end elsewhere
    (`endings`: the status, by the channel's order id) are recorded as that, and take nothing.

    Raises: Busy.
    Locks: CartReservation, Sku, StockLevel.
    """
    with sql.counted() as counted:
        return _Many(wanted, channel, by, at, counted, endings).place()


class _NeedsCare(Exception):
    """An order was refused after it had changed something in the database."""


class _Many:
    """The orders of one request, on their way."""

    def __init__(
        self,
        wanted: Sequence[NewOrder],
        channel: ChannelPrincipal,
        by: Actor,
        at: datetime,
        counted: sql.Counted,
        endings: Mapping[str, str],
    ) -> None:
        batch = current()
        assert batch is not None  # noqa: S101 (a batch service opened it)
        self.wanted, self.channel, self.by, self.at = wanted, channel, by, at
        self.batch, self.counted, self.endings = batch, counted, endings
        self.refuses = channel.stock_policy == "refuse"
        self.placed: dict[str, tuple[NewOrder, PlacedOrder]] = {}
        self.ids: dict[str, int] = {}
        self.known: dict[int, KnownOrder] = {}
        self.apart: set[int] = set()

    def place(self) -> list[Placed]:
        """Place all of them: those that can be in runs, the others one by one."""
        if not self.wanted:
            return []
        lines = sum(len(each.lines) for each in self.wanted)
        self.batch.ids.expect(ROWS * len(self.wanted) + ROWS_OF_A_LINE * lines)
        self._lock_what_is_kept()
        self.apart = self._look(0)
        self.known = as_asked_for(self.ids.values()) if self.ids else {}
        found: list[Placed] = []
        is_fresh = True
        while (first := len(found)) < len(self.wanted):
            if first in self.apart:
                found.append(self._place_apart(first))
                is_fresh = False
                continue
            if not is_fresh:
                self._look(first)
                is_fresh = True
            found += self._run(range(first, self._end_of_run(first)))
            is_fresh = is_fresh and bool(self.batch.ahead)
        return found

    def _end_of_run(self, first: int) -> int:
        return min((each for each in self.apart if each > first), default=len(self.wanted))

    def _lock_what_is_kept(self) -> None:
        """Lock what some of them lock one by one, in the one order, before any stock."""
        if carts := [each.cart for each in self.wanted if each.cart]:
            inventory.lock_carts(channel_id=self.channel.pk, keys=carts)
        if self.refuses and (later := sorted(release_dates())):
            inventory.lock_skus(sku_ids=later)

    def _look(self, first: int) -> set[int]:
        """Read for the orders from `first` on; return which of them are placed by themselves."""
        rest = self.wanted[first:]
        new = [each for each in rest if each.external_id not in self.placed]
        self.ids |= read_orders_ahead([each.external_id for each in new], self.channel)
        sku_ids = read_skus_ahead(line.sku for each in rest for line in each.lines)
        read_customers_ahead(
            origin=self.channel.slug,
            keys=[key_of(said=each.customer, stand_in=_stand_in(each)) for each in rest],
        )
        special = inventory.read_supply_ahead(sku_ids=sku_ids)
        if self.refuses:
            special |= release_dates().keys() & sku_ids
        return {
            first + position
            for position, each in enumerate(rest)
            if each.cart or (special and skus_asked(line.sku for line in each.lines) & special)
        }

    def _run(self, positions: range) -> list[Placed]:
        """Place orders from what was read ahead; by themselves where that does not do."""
        mark, before = self.batch.mark(), dict(self.placed)
        try:
            with transaction.atomic():
                return [self._place_here(position) for position in positions]
        except _NeedsCare:
            self.batch.undo(mark)
            self.placed = before
            return [self._place_apart(position) for position in positions]

    def _place_here(self, position: int) -> Placed:
        mark, sent = self.batch.mark(), self.counted.statements
        try:
            return self._place(self.wanted[position])
        except Refusal as refusal:
            if self.counted.statements != sent:
                raise _NeedsCare from None
            self.batch.undo(mark)
            return refusal

    def _place_apart(self, position: int) -> Placed:
        """Place an order as if it came alone, with what was placed before it in the database."""
        self.batch.finish()
        self.batch.ahead.clear()
        mark = self.batch.mark()
        try:
            with locking.watched(), transaction.atomic():
                placed = self._place(self.wanted[position])
                self.batch.finish()
                return placed
        except Refusal as refusal:
            self.batch.undo(mark)
            return refusal

    def _place(self, order: NewOrder) -> PlacedOrder:
        twin = self.placed.get(order.external_id)
        if twin is not None:
            return _same_as(twin, order)
        if pk := self.ids.get(order.external_id):
            return same(self.known[pk], order)
        if ending := self.endings.get(order.external_id):
            placed = record_past_order(
                wanted=order, status=ending, channel=self.channel, by=self.by, at=self.at
            )
        else:
            placed = place_order(wanted=order, channel=self.channel, by=self.by, at=self.at)
        self.placed[order.external_id] = order, placed
        return placed


def _stand_in(order: NewOrder) -> str:
    return f"order:{order.external_id}"


def _same_as(twin: tuple[NewOrder, PlacedOrder], order: NewOrder) -> PlacedOrder:
    first, placed = twin
    if found := differences(first, order):
        raise DuplicateOrderDiffers(
            external_id=order.external_id, number=placed.number, differences=found
        )
    return PlacedOrder(placed.order, placed.lines, is_new=False, kits=placed.kits)
