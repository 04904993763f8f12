from dataclasses import dataclass

from oms.core.events import Event, passing


@dataclass(frozen=True, kw_only=True)
class KitChanged(Event):
    """A SKU is made of others now: units by SKU. Of none: it is a plain SKU again."""

    name = "kit.changed"
    components: dict[str, int]
    before: dict[str, int]
    sku_id: int = passing()

    @property
    def becomes_kit(self) -> bool:
        return bool(self.components) and not self.before

    @property
    def becomes_plain(self) -> bool:
        return bool(self.before) and not self.components


@dataclass(frozen=True, kw_only=True)
class SkuReleaseMoved(Event):
    """Units of a SKU may go out from another day on; an empty day: at once."""

    name = "sku.release_moved"
    before: str
    release_on: str
    sku_id: int = passing()
