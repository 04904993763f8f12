"""What can be promised of SKUs: of plain ones what lies there, of kits what can be made of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from inventory.selectors.promises import ByThen, by_then
from inventory.selectors.stock import Shelf, availability_of, kept_back, release_dates
from oms.catalog.selectors import KitPart, SkuRef, parts_of_kits, skus_by_code

NOTHING_BY_THEN = ByThen(coming=0, waiting=0)


@dataclass(frozen=True)
class Offer:
    """Units of one SKU over all locations, and where they lie; `by` is for a day that was named.

    Figures of a kit are kits: a location's those that it can make alone, the others those that
    all locations can make together, since an order may be served by several. What is on hand and
    cannot be made counts as reserved. `of` are the offers of its components.
    """

    shelves: list[Shelf]
    on_hand: int
    reserved: int
    held: int
    available: int
    buffer: int
    promisable: int
    by: ByThen | None = None
    promisable_by: int = 0
    components: dict[str, int] = field(default_factory=dict)
    of: Mapping[str, "Offer"] = field(default_factory=dict)
    release_on: date | None = None


def offers(
    refs: Mapping[str, SkuRef],
    *,
    country: str = "",
    postal_code: str = "",
    location_ids: Sequence[int] | None = None,
    channel_id: int | None = None,
    day: date | None = None,
    today: date | None = None,
) -> dict[str, Offer]:
    """Return what can be promised of SKUs, by code, nearest shelves first.

    Buffers are those of the channel. Two queries, five more for a `day`, and one when kits are
    among them, however many SKUs.
    """
    parts = parts_of_kits(refs.values())
    plain = {ref.code: ref for ref in refs.values() if not parts.get(ref.pk)}
    plain |= {part.sku.code: part.sku for of_kit in parts.values() for part in of_kit}
    ids = [ref.pk for ref in plain.values()]
    found = availability_of(
        plain, country=country, postal_code=postal_code, location_ids=location_ids
    )
    kept = kept_back(channel_id, ids) if channel_id is not None else {}
    then = by_then(ids, day=day, today=today) if day and today else {}
    single = {
        code: _single(
            found[code],
            kept.get(ref.pk, 0),
            then.get(ref.pk),
            release_dates().get(ref.pk),
            is_asked=day is not None,
        )
        for code, ref in plain.items()
    }
    return {
        code: _kit(parts[ref.pk], single) if parts.get(ref.pk) else single[code]
        for code, ref in refs.items()
    }


def offers_of(skus: Iterable[str]) -> dict[str, Offer]:
    """Return what can be promised of SKUs by code, wherever it lies. Three queries, four with kits.

    Raises: UnknownSku.
    """
    wanted = sorted(set(skus))
    return offers(skus_by_code(wanted)) if wanted else {}


def _single(
    shelves: list[Shelf],
    buffer: int,
    then: ByThen | None,
    release_on: date | None,
    *,
    is_asked: bool,
) -> Offer:
    by = (then or NOTHING_BY_THEN) if is_asked else None
    free = sum(shelf.promisable for shelf in shelves) - buffer
    return Offer(
        shelves=shelves,
        on_hand=sum(shelf.on_hand for shelf in shelves),
        reserved=sum(shelf.reserved for shelf in shelves),
        held=sum(shelf.held for shelf in shelves),
        available=sum(shelf.available for shelf in shelves),
        buffer=buffer,
        promisable=max(0, free),
        by=by,
        promisable_by=by.promisable(free) if by else 0,
        release_on=release_on,
    )


def _kit(parts: Sequence[KitPart], single: Mapping[str, Offer]) -> Offer:
    """What of each component there is, in kits: the scarcest decides."""

    def made(units: Mapping[str, int]) -> int:
        return min(max(0, units[part.sku.code]) // part.quantity for part in parts)

    of = {part.sku.code: single[part.sku.code] for part in parts}
    on_hand = made({code: each.on_hand for code, each in of.items()})
    available = made({code: each.available for code, each in of.items()})
    promisable = made({code: each.promisable for code, each in of.items()})
    unbuffered = made({code: each.promisable + each.buffer for code, each in of.items()})
    by, promisable_by = None, 0
    if all(each.by for each in of.values()):
        free = {code: each.promisable_by for code, each in of.items()}
        promisable_by = made(free)
        coming = {
            code: each.promisable + (each.by or NOTHING_BY_THEN).coming for code, each in of.items()
        }
        by = ByThen(
            coming=made(coming) - promisable,
            waiting=max(0, made(coming) - promisable_by),
        )
    return Offer(
        shelves=_shelves(parts, of),
        on_hand=on_hand,
        reserved=on_hand - available,
        held=0,
        available=available,
        buffer=unbuffered - promisable,
        promisable=promisable,
        by=by,
        promisable_by=promisable_by,
        release_on=max((each.release_on for each in of.values() if each.release_on), default=None),
        components={part.sku.code: part.quantity for part in parts},
        of=of,
    )


def _shelves(parts: Sequence[KitPart], of: Mapping[str, Offer]) -> list[Shelf]:
    """What each location that keeps every component can make alone."""
    kept = {code: {shelf.location: shelf for shelf in each.shelves} for code, each in of.items()}
    first = parts[0].sku.code
    found = []
    for here in of[first].shelves:
        if any(here.location not in places for places in kept.values()):
            continue
        at = {code: places[here.location] for code, places in kept.items()}

        def made(name: str, at: Mapping[str, Shelf] = at) -> int:
            units: list[tuple[int, int]] = [
                (getattr(at[part.sku.code], name), part.quantity) for part in parts
            ]
            return min(max(0, count) // each for count, each in units)

        on_hand, available = made("on_hand"), made("available")
        found.append(
            Shelf(
                location=here.location,
                on_hand=on_hand,
                reserved=on_hand - available,
                held=0,
                safety_stock=available - made("promisable"),
                distance_km=here.distance_km,
            )
        )
    return found
