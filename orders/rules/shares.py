"""Which units of which lines an event by SKU is about, in the words of whoever ordered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """A line of an order: `key` is the channel's id of it, or of the kit it is a part of. `counted`
    units of it reached a point, of `wanted` that can."""

    key: str
    sku: str
    wanted: int
    counted: int
    kit: int | None = None
    per_kit: int = 1


def keyed(shares: Sequence[Share], units: Mapping[str, int]) -> dict[str, int]:
    """Return by key how many units the last `units` by SKU are, `counted` having them in already.

    Lines of one SKU fill up one after another, in their order. A kit is told with its last part.
    """
    after = _filled(shares, {})
    before = _filled(shares, units)
    found: dict[str, int] = {}
    kits: dict[int, list[tuple[int, int]]] = {}
    keys: dict[int, str] = {}
    for number, share in enumerate(shares):
        if share.kit is None:
            more = after[number] - before[number]
            if more and share.key:
                found[share.key] = found.get(share.key, 0) + more
        else:
            whole = (before[number] // share.per_kit, after[number] // share.per_kit)
            kits.setdefault(share.kit, []).append(whole)
            keys[share.kit] = share.key
    for kit, parts in kits.items():
        more = min(after for _, after in parts) - min(before for before, _ in parts)
        if more > 0 and keys[kit]:
            found[keys[kit]] = found.get(keys[kit], 0) + more
    return found


def _filled(shares: Sequence[Share], less: Mapping[str, int]) -> list[int]:
    left: dict[str, int] = {}
    for share in shares:
        left[share.sku] = left.get(share.sku, 0) + share.counted
    left = {sku: count - less.get(sku, 0) for sku, count in left.items()}
    filled = []
    for share in shares:
        take = max(0, min(share.wanted, left[share.sku]))
        left[share.sku] -= take
        filled.append(take)
    return filled
