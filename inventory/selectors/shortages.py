"""What is out while orders wait for it: since when, what comes, and who could send more."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inventory.models import ReplenishmentLine, SupplierSku
from inventory.selectors.inbound import Inbound, inbound
from inventory.selectors.reordering import Waiting, waiting_units
from inventory.selectors.suppliers import suppliers_of
from inventory.states import ReplenishmentStatus
from oms.catalog.models import Sku

MOST_SHORTAGES = 200


@dataclass(frozen=True)
class Shortage:
    """A SKU that orders wait for. `proposed` are the orders to a supplier not approved yet."""

    sku: Sku
    waiting: Waiting
    coming: Sequence[Inbound]
    proposed: Sequence[str]
    supplies: Sequence[SupplierSku]

    @property
    def units_coming(self) -> int:
        return sum(each.units for each in self.coming)

    @property
    def uncovered(self) -> int:
        """Units that orders wait for and that nobody was asked for."""
        return max(0, self.waiting.units - self.units_coming)

    @property
    def next_on(self) -> date | None:
        return next((each.expected_on for each in self.coming if each.expected_on), None)


def shortages(*, most: int = MOST_SHORTAGES) -> list[Shortage]:
    """Return what orders wait for, the longest wait first. Five queries however many."""
    waiting = waiting_units()
    oldest = sorted(waiting, key=lambda pk: (waiting[pk].since, pk))[:most]
    skus = Sku.objects.in_bulk(oldest)
    coming: dict[int, list[Inbound]] = defaultdict(list)
    for each in inbound(oldest):
        coming[each.sku_id].append(each)
    proposed: dict[int, list[str]] = defaultdict(list)
    drafts = ReplenishmentLine.objects.filter(
        sku_id__in=oldest, order__status=ReplenishmentStatus.PROPOSED
    )
    for sku_id, number in drafts.order_by("order_id").values_list("sku_id", "order__number"):
        proposed[sku_id].append(number)
    supplies = suppliers_of(oldest)
    return [
        Shortage(skus[pk], waiting[pk], coming[pk], proposed[pk], supplies.get(pk, []))
        for pk in oldest
    ]
