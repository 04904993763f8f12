from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from inventory.events import ReplenishmentProposed
from inventory.models import (
    Location,
    ReplenishmentLine,
    ReplenishmentOrder,
    Supplier,
    SupplierSku,
)
from inventory.rules.reordering import Position, ordered
from inventory.selectors import low, preferred_supplies
from inventory.services.supply.documents import restate, units_of
from inventory.states import REPLENISHMENT, ReplenishmentStatus
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.numbers import gapless_number
from oms.core.services import service

Pair = tuple[int, int]


@dataclass(frozen=True)
class Want:
    """What a proposal should say of one SKU, and why."""

    supply: SupplierSku
    quantity: int
    why: dict[str, int]


@service
def propose_replenishment(
    *, by: Actor, at: datetime, location_ids: Collection[int] | None = None
) -> list[ReplenishmentOrder]:
    """Bring the proposals to what is low at these locations (None: all); return what changed.

    One proposal for each supplier and location, held by locking the suppliers: proposing twice,
    or by two at once, orders nothing twice. Lines that a person edited stay. A proposal nothing is
    left of is cancelled.

    Locks: Supplier, ReplenishmentOrder, NumberSeries.
    Publishes: ReplenishmentProposed.
    """
    suppliers = {each.pk: each for each in lock(Supplier.objects.all())}
    open_ones = ReplenishmentOrder.objects.filter(status=ReplenishmentStatus.PROPOSED)
    if location_ids is not None:
        open_ones = open_ones.filter(location__in=location_ids)
    drafts = {(each.supplier_id, each.location_id): each for each in lock(open_ones)}
    lines = _lines(drafts.values())
    wanted = _wanted(location_ids)
    places = Location.objects.in_bulk([place for _, place in {*drafts, *wanted}])

    changed: list[ReplenishmentOrder] = []
    for pair in sorted({*drafts, *wanted}):
        draft = drafts.get(pair)
        news = wanted.get(pair, {})
        if draft is None:
            draft = _begin(suppliers[pair[0]], places[pair[1]], at)
        elif not _differs(lines[draft.pk], news):
            continue
        kept = _write(draft, lines[draft.pk], news)
        if not kept:
            draft.status = REPLENISHMENT.after("cancel", draft.status)
            draft.ended_at, draft.end_reason = at, "Nothing is needed any more"
        restate(draft, "status", "ended_at", "end_reason")
        publish(
            ReplenishmentProposed(
                thread=draft.number,
                subject=draft.number,
                by=by,
                at=at,
                supplier=suppliers[pair[0]].code,
                location=places[pair[1]].code,
                units=units_of(kept),
            )
        )
        changed.append(draft)
    return changed


def _wanted(location_ids: Collection[int] | None) -> Mapping[Pair, dict[int, Want]]:
    """What should be proposed, by supplier and location, then by SKU."""
    needs = low(location_ids)
    supplies = preferred_supplies({each.sku_id for each in needs})
    found: dict[Pair, dict[int, Want]] = defaultdict(dict)
    for need in needs:
        if supply := supplies.get(need.sku_id):
            found[supply.supplier_id, need.location_id][need.sku_id] = Want(
                supply,
                ordered(
                    need.position.needed,
                    minimum=supply.minimum_quantity,
                    pack=supply.pack_size,
                ),
                explained(need.position, supply),
            )
    return found


def explained(position: Position, supply: SupplierSku) -> dict[str, int]:
    """Return the numbers that a line's quantity was made of."""
    return {
        **asdict(position),
        "needed": position.needed,
        "minimum": supply.minimum_quantity,
        "pack": supply.pack_size,
    }


def _lines(drafts: Iterable[ReplenishmentOrder]) -> dict[int, dict[int, ReplenishmentLine]]:
    found: dict[int, dict[int, ReplenishmentLine]] = defaultdict(dict)
    for line in ReplenishmentLine.objects.filter(order__in=list(drafts)).select_related("sku"):
        found[line.order_id][line.sku_id] = line
    return found


def _begin(supplier: Supplier, place: Location, at: datetime) -> ReplenishmentOrder:
    return ReplenishmentOrder.objects.create(
        number=gapless_number("RO"),
        supplier=supplier,
        location=place,
        currency=supplier.currency,
        proposed_at=at,
    )


def _differs(lines: Mapping[int, ReplenishmentLine], news: Mapping[int, Want]) -> bool:
    """Whether a proposal says something else now. New numbers behind the same quantity do not."""
    now = {sku: line.quantity for sku, line in lines.items() if not line.is_edited}
    return now != {
        sku: want.quantity
        for sku, want in news.items()
        if sku not in lines or not lines[sku].is_edited
    }


def _write(
    draft: ReplenishmentOrder, lines: Mapping[int, ReplenishmentLine], news: Mapping[int, Want]
) -> list[ReplenishmentLine]:
    """Write the lines of a proposal; return those it has now."""
    gone = [line for sku, line in lines.items() if sku not in news and not line.is_edited]
    ReplenishmentLine.objects.filter(pk__in=[line.pk for line in gone]).delete()
    kept = [line for line in lines.values() if line not in gone]
    for line in kept:
        if want := news.get(line.sku_id):
            line.why = want.why
            if not line.is_edited:
                line.quantity = want.quantity
    ReplenishmentLine.objects.bulk_update(kept, ["quantity", "why"])
    added = [
        ReplenishmentLine(
            order=draft,
            sku=want.supply.sku,
            supplier_sku=want.supply.supplier_sku,
            quantity=want.quantity,
            unit_cost=cost_in(draft.currency, want.supply),
            why=want.why,
        )
        for sku, want in news.items()
        if sku not in lines
    ]
    ReplenishmentLine.objects.bulk_create(added)
    return [*kept, *added]


def cost_in(currency: str, supply: SupplierSku) -> Decimal | None:
    """Return the cost of a SKU, where it is known in this currency."""
    return supply.cost if supply.currency in ("", currency) else None
