"""Measures for stories in which nothing is measured but the way."""

from collections.abc import Collection, Hashable, Mapping, Sequence

from fulfillment.rules.costing import Freight, Units


class Nothing:
    """Measures of an order of which nothing is measured but the way."""

    has_freight = False

    def __init__(self, currency: str = "EUR") -> None:
        self.currency = currency

    def alike(self, location_id: int) -> Hashable:
        return None

    def freight(self, location_id: int, grams: int) -> Freight | None:
        return None

    def breaks(self, location_id: int, most: int) -> Sequence[int]:
        return (most,)

    def grams(self, sku_ids: Collection[int]) -> Units:
        return dict.fromkeys(sku_ids, 0)

    def reached(self) -> Collection[int] | None:
        return None

    def capacity_left(self, location_id: int) -> int | None:
        return None

    def leaves_today(self, location_id: int) -> bool:
        return True

    def lasting(self, days: int) -> Mapping[int, Units]:
        return {}

    def spare(self) -> Mapping[int, Units]:
        return {}
