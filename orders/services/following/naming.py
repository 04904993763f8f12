"""Which SKU a channel means: kept, and given to every line that waits for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Now

from oms.catalog.selectors import KitPart, SkuRef, parts_of_kits, skus_by_code
from oms.channels.errors import ChannelNotFound
from oms.channels.models import Channel, ChannelSku
from oms.core import sql
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.money import split
from oms.core.services import service
from orders.errors import LineNotFound, NotHeld, NothingNamed, SkuStillUnknown
from orders.events import OrderLinesMatched
from orders.models import ChannelOrder, Hold, Order, OrderLine
from orders.rules.wanted import NewLine
from orders.services.holding import UNKNOWN_SKU, release_hold
from orders.services.unpacking import AskedKit, kit_lines, kit_row, name_in_kit
from orders.states import OrderStatus

RELEASED_AT_ONCE = 100
"""Orders that go on while somebody waits for the answer; the rest goes on by itself."""

WAITING = """
SELECT l.id FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
WHERE l.sku_id IS NULL AND l.ships AND o.channel_id = %s AND o.status = 'open'
  AND CASE WHEN %s <> '' THEN l.said ->> 'listing' = %s ELSE l.sku_code = %s END
"""


@dataclass(frozen=True)
class Matched:
    """Lines that are known now, and the orders that went on with it."""

    lines: int
    released: tuple[str, ...]


def match_sku(
    *, channel: str, sku: str, by: Actor, at: datetime, listing: str = "", code: str = ""
) -> Matched:
    """Keep which SKU of ours a channel means by a listing, or by a code of its own, and give it to
    every line that waits for that. Orders that wait for nothing else go on.

    Raises: ChannelNotFound, NothingNamed, UnknownSku, Busy.
    Locks: Order, StockLevel.
    Publishes: OrderLinesMatched, OrderReleased.
    """
    lines = _match(channel=channel, sku=sku, listing=listing, code=code, by=by, at=at)
    return Matched(lines, tuple(release_matched(most=RELEASED_AT_ONCE, by=by)))


@service
def _match(*, channel: str, sku: str, listing: str, code: str, by: Actor, at: datetime) -> int:
    row = Channel.objects.filter(slug=channel).first()
    if row is None:
        raise ChannelNotFound(slug=channel)
    if bool(listing) == bool(code):
        raise NothingNamed()
    ref = skus_by_code([sku])[sku]
    waiting = sql.run(WAITING, [row.pk, listing, listing, code])
    lines = list(OrderLine.objects.filter(pk__in=[pk for (pk,) in waiting]).order_by("pk"))
    ChannelSku.objects.update_or_create(
        channel=row,
        listing=listing,
        code=code,
        defaults={
            "sku_id": ref.pk,
            "name": lines[0].name if lines else "",
            "kept_by": str(by),
            "kept_at": at,
        },
    )
    return _give(lines, ref, by, at)


@service
def match_lines(
    *, channel: str, names: Mapping[tuple[str, str], str], by: Actor, at: datetime
) -> int:
    """Give lines of a channel that wait the SKUs that it means by these names, each a listing or a
    code; return how many there were. Their orders go on by themselves.

    Raises: UnknownSku.
    Locks: Order.
    Publishes: OrderLinesMatched.
    """
    waiting: dict[tuple[str, str], list[OrderLine]] = {}
    rows = OrderLine.objects.filter(
        sku__isnull=True, ships=True, order__channel__slug=channel, order__status=OrderStatus.OPEN
    )
    for line in rows.order_by("pk"):
        by_listing = (str(line.said.get("listing", "")), "")
        name = by_listing if by_listing in names else ("", line.sku_code)
        if name in names:
            waiting.setdefault(name, []).append(line)
    if not waiting:
        return 0
    lock(Order.objects.filter(pk__in={x.order_id for each in waiting.values() for x in each}))
    refs = skus_by_code({names[name] for name in waiting})
    return sum(_give(lines, refs[names[name]], by, at) for name, lines in waiting.items())


@service
def match_line(*, number: str, line: int, sku: str, by: Actor, at: datetime) -> Order:
    """Say which SKU one line of an order is, by its position: something made for this customer, or
    that its channel has no name for. The order goes on when nothing else is unknown.

    Raises: OrderNotFound, LineNotFound, UnknownSku, Busy.
    Locks: Order, StockLevel.
    Publishes: OrderLinesMatched, OrderReleased.
    """
    found = list(
        OrderLine.objects.filter(order__number=number, position=line, sku__isnull=True, ships=True)
    )
    if not found:
        raise LineNotFound(number=number, sku=str(line))
    _give(found, skus_by_code([sku])[sku], by, at)
    _release(number, by)
    return Order.objects.get(number=number)


def release_matched(*, most: int, by: Actor) -> list[str]:
    """Let orders go on of which every line is known by now; return their numbers, at most `most`.

    Raises: Busy.
    Locks: Order, StockLevel.
    Publishes: OrderReleased.
    """
    unknown = OrderLine.objects.filter(
        sku__isnull=True, ships=True, quantity__gt=F("cancelled")
    ).values("order_id")
    standing = Hold.objects.filter(kind=UNKNOWN_SKU, released_at__isnull=True)
    ready = standing.exclude(order_id__in=unknown).filter(order__status=OrderStatus.OPEN)
    numbers = list(ready.order_by("set_at", "id").values_list("order__number", flat=True)[:most])
    return [number for number in numbers if _release(number, by)]


def _release(number: str, by: Actor) -> bool:
    try:
        release_hold(number=number, kind=UNKNOWN_SKU, by=by, reason="Every line is known")
    except (NotHeld, SkuStillUnknown):
        return False
    behind = ChannelOrder.objects.filter(order__number=number, due_at__isnull=False)
    behind.update(due_at=Now())  # what could not be carried out without the SKU can be now
    return True


@service
def forget_match(*, channel: str, by: Actor, listing: str = "", code: str = "") -> bool:
    """Forget which SKU a channel means by a listing or a code; lines that have it keep it.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    kept = ChannelSku.objects.filter(channel__slug=channel, listing=listing, code=code)
    return kept.delete()[0] > 0


def _give(lines: Sequence[OrderLine], ref: SkuRef, by: Actor, at: datetime) -> int:
    """Give lines their SKU, each order locked first; kits are taken apart."""
    orders = {
        order.pk: order for order in lock(Order.objects.filter(pk__in={x.order_id for x in lines}))
    }
    waiting = OrderLine.objects.filter(pk__in=[each.pk for each in lines], sku__isnull=True)
    there = list(waiting.order_by("order_id", "position"))
    parts = parts_of_kits([ref]).get(ref.pk)
    if parts:
        for line in there:
            _unpack(orders[line.order_id], line, ref, parts)
    else:
        waiting.update(sku_id=ref.pk, sku_code=ref.code, name=ref.name)
    for order in orders.values():
        publish(
            OrderLinesMatched(
                thread=order.number,
                subject=order.number,
                by=by,
                at=at,
                sku=ref.code,
                lines=sum(line.order_id == order.pk for line in there),
            )
        )
    return len(there)


def _unpack(order: Order, line: OrderLine, ref: SkuRef, parts: Sequence[KitPart]) -> None:
    """Put the components of kits in the place of one line, with their shares of what it costs."""
    asked = NewLine(
        ref.code,
        line.quantity,
        line.unit_price,
        line.discount_amount,
        line.tax_amount,
        line.external_id,
        line.ship_to,
    )
    kit = AskedKit(ref, asked, line.total_amount, line.position, parts)
    row = kit_row(kit, order)
    row.save()
    made = kit_lines(kit, order.currency)
    shares = split(
        line.total_amount - line.paid_amount, [each.total for each in made], order.currency
    )
    last = OrderLine.objects.filter(order=order).order_by("-position").values_list("position")[0][0]
    for nth, (each, part, share) in enumerate(zip(made, parts, shares, strict=True)):
        component = OrderLine(
            pk=line.pk if nth == 0 else None,
            order=order,
            position=line.position if nth == 0 else last + nth,
            external_id=line.external_id,
            sku_id=part.sku.pk,
            sku_code=part.sku.code,
            name=name_in_kit(part, kit),
            said=line.said,
            quantity=each.line.quantity,
            cancelled=line.cancelled * part.quantity,
            unit_price=each.line.unit_price,
            discount_amount=each.line.discount,
            tax_amount=each.line.tax,
            total_amount=each.total,
            paid_amount=each.total - share,
            ship_to=line.ship_to,
            kit=row,
            per_kit=part.quantity,
        )
        if nth == 0:
            component._state.adding = False
            component.save(force_update=True)
        else:
            OrderLine.objects.bulk_create([component])
