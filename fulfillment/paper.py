"""What papers say, read for many at once: packing slips, pick lists, walks of waves."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count

from fulfillment.letters import Elsewhere, Slip, SlipLine, packing_slip
from fulfillment.letters.pick_lists import PickList, PickRow, pick_lists
from fulfillment.letters.slips import slip_parts
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, Package, Wave
from fulfillment.rules.walking import Want
from fulfillment.selectors import expected_of
from fulfillment.selectors.free_work import stops_for
from fulfillment.selectors.waves import wave_walk
from fulfillment.states import PaperKind
from oms.catalog.models import Sku
from orders.models import OrderLine
from orders.selectors import status_url

GIFT = ("Gift message", "Gift note", "Gift")
"""What a line is said to have when somebody wrote a note to go with it."""

Drawn = dict[str, list[str]]
"""HTML by the number of what was asked for; a long one is several."""


def pages_of(kind: str, numbers: Sequence[str]) -> Drawn:
    """Return these papers as HTML; what has nothing left to say is left out."""
    if kind == PaperKind.WALKS:
        waves = Wave.objects.filter(number__in=numbers).select_related("location")
        return {wave.number: pick_lists(walk_list(wave)) for wave in waves}
    works = list(
        FulfillmentOrder.objects.filter(number__in=numbers, units__gt=0)
        .select_related("order__channel", "location")
        .order_by("pk")
    )
    if kind == PaperKind.PICK_LISTS:
        return {each.number: pick_lists(each) for each in lists_of(works)}
    return {
        slip.fulfillment_number: [packing_slip(part) for part in slip_parts(slip)]
        for slip in slips_of(works)
    }


def slips_of(works: Sequence[FulfillmentOrder]) -> list[Slip]:
    """Return what the slips of this work say: what is in each box, and where the rest is.

    Four queries; two more for each order of which something waits for stock.
    """
    ids = [work.pk for work in works]
    lines = _lines_of(works)
    others: dict[int, list[FulfillmentOrderLine]] = defaultdict(list)
    for line in (
        FulfillmentOrderLine.objects.filter(
            fulfillment_order__order__in=[work.order_id for work in works], quantity__gt=0
        )
        .select_related("order_line", "fulfillment_order__location")
        .order_by("pk")
    ):
        others[line.fulfillment_order.order_id].append(line)
    waiting: dict[int, list[OrderLine]] = defaultdict(list)
    for row in OrderLine.objects.filter(
        order__in=[work.order_id for work in works], backordered__gt=0
    ).order_by("position"):
        waiting[row.order_id].append(row)
    packages: dict[int, int] = dict(
        Package.objects.filter(fulfillment_order__in=ids)
        .values_list("fulfillment_order")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return [
        _slip(
            work,
            lines[work.pk],
            [line for line in others[work.order_id] if line.fulfillment_order_id != work.pk],
            waiting[work.order_id],
            packages.get(work.pk, 0),
        )
        for work in works
    ]


def _lines_of(works: Sequence[FulfillmentOrder]) -> dict[int, list[FulfillmentOrderLine]]:
    """The lines of each with units, in the order in which one walks past their bins. One query."""
    found: dict[int, list[FulfillmentOrderLine]] = defaultdict(list)
    rows = FulfillmentOrderLine.objects.filter(fulfillment_order__in=works, quantity__gt=0)
    for line in rows.select_related("sku", "order_line", "reservation__level").order_by(
        "reservation__level__bin", "sku__code", "pk"
    ):
        found[line.fulfillment_order_id].append(line)
    return found


def _slip(
    work: FulfillmentOrder,
    lines: Sequence[FulfillmentOrderLine],
    others: Sequence[FulfillmentOrderLine],
    waiting: Sequence[OrderLine],
    packages: int,
) -> Slip:
    order, place, to = work.order, work.location, work.ship_to
    town = " ".join(part for part in (place.postal_code, place.city) if part)
    return Slip(
        order_number=order.number,
        fulfillment_number=work.number,
        placed_on=order.placed_at.date(),
        shop=order.channel.name,
        ship_from=place.name,
        ship_from_lines=tuple(part for part in (place.line1, town, place.country) if part),
        ship_to=to.name,
        ship_to_lines=(*to.lines[1:], to.country),
        lines=tuple(_line(line) for line in lines),
        elsewhere=tuple(_elsewhere(work, others, waiting)),
        gift_note="\n".join(dict.fromkeys(_gift_notes(lines))),
        packages=max(1, packages),
        service=work.service,
        customer_reference=order.external_id,
        status_url=status_url(order),
        language=order.language,
    )


def _said(line: FulfillmentOrderLine) -> dict[str, Any]:
    said: dict[str, Any] = line.order_line.said.get("said", {})
    return said


def _gift_notes(lines: Iterable[FulfillmentOrderLine]) -> Iterable[str]:
    for line in lines:
        yield from (str(words) for what, words in _said(line).items() if what in GIFT and words)


def _line(line: FulfillmentOrderLine) -> SlipLine:
    return SlipLine(
        sku=line.sku.code,
        name=line.order_line.name,
        quantity=line.quantity,
        ordered=line.order_line.quantity - line.order_line.cancelled,
        barcode=line.sku.barcode,
        bin=line.reservation.level.bin,
        country_of_origin=line.sku.country_of_origin,
        note="; ".join(
            f"{what}: {words}" for what, words in _said(line).items() if what not in GIFT
        ),
    )


def _elsewhere(
    work: FulfillmentOrder,
    others: Sequence[FulfillmentOrderLine],
    waiting: Sequence[OrderLine],
) -> list[Elsewhere]:
    """Units of the order that come in other boxes, and those that wait for stock."""
    found = [
        Elsewhere(
            name=line.order_line.name,
            quantity=line.quantity,
            reason="another parcel",
            location=line.fulfillment_order.location.name,
        )
        for line in others
    ]
    if waiting:
        found += [
            Elsewhere(
                name=each.line.name,
                quantity=each.units,
                reason="waiting for stock",
                expected_on=each.expected_on,
            )
            for each in expected_of(work.order, list(waiting))
        ]
    return found


def lists_of(works: Sequence[FulfillmentOrder]) -> list[PickList]:
    """Return a pick list for each of this work: what is left, as the walk goes. Two queries."""
    lines = _lines_of(works)
    by_id = {line.pk: line for group in lines.values() for line in group}
    stops = stops_for(
        Want(
            line.pk,
            line.reservation.level_id,
            line.sku.code,
            nth,
            line.quantity - line.picked,
            line.sku.tracking != Sku.Tracking.NONE,
        )
        for nth, work in enumerate(works)
        for line in lines[work.pk]
    )
    rows: dict[int, list[PickRow]] = defaultdict(list)
    for stop in stops:
        for put in stop.puts:
            line = by_id[put.line_id]
            rows[line.fulfillment_order_id].append(
                PickRow(stop.bin, stop.sku, line.order_line.name, stop.lot, put.units)
            )
    return [
        PickList(
            number=work.number,
            place=work.location.name,
            about=work.order.number,
            picker=work.assigned_to,
            rows=tuple(rows[work.pk]),
        )
        for work in works
    ]


def walk_list(wave: Wave) -> PickList:
    """Return the pick list of a wave: each stop once, with the orders it is for. Four queries."""
    walk = wave_walk(wave)
    return PickList(
        number=wave.number,
        place=wave.location.name,
        about=wave.zone,
        picker=wave.picker,
        orders=len(walk.places),
        rows=tuple(
            PickRow(
                halt.stop.bin,
                halt.sku.code,
                halt.name,
                halt.stop.lot,
                halt.units,
                tuple((put.place.tote or str(put.place.nth), put.units) for put in halt.puts),
            )
            for halt in walk.halts
        ),
    )
