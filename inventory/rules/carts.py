"""Where the units of a cart are kept."""

from collections.abc import Mapping, Sequence

Place = tuple[int, int]
"""A location id and a SKU id."""


def spread(
    wanted: Mapping[int, int], places: Sequence[int], free: Mapping[Place, int]
) -> dict[Place, int] | None:
    """Return the units (by SKU id) at the first of `places` that has them all, else at one after
    the other as they have some; None when all of them together do not have enough."""
    for place in places:
        if all(free.get((place, sku), 0) >= units for sku, units in wanted.items()):
            return {(place, sku): units for sku, units in wanted.items()}
    kept: dict[Place, int] = {}
    for sku, units in wanted.items():
        for place in places:
            if part := min(units, max(0, free.get((place, sku), 0))):
                kept[place, sku] = part
                units -= part
        if units:
            return None
    return kept
