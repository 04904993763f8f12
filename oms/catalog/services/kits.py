from collections.abc import Mapping
from datetime import datetime

from oms.catalog.errors import KitInKit, KitTooLarge, PartOfKits, UnknownSku
from oms.catalog.events import KitChanged
from oms.catalog.models import KitComponent, Sku
from oms.catalog.selectors import kits_with
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.services import service

MOST_COMPONENTS = 50
MOST_OF_ONE = 999


@service
def set_kit(*, sku: str, components: Mapping[str, int], by: Actor, at: datetime) -> bool:
    """Say what a SKU is made of, units by SKU code; of nothing, it is a plain SKU again.

    Orders that were placed keep what their kits held then. The floors above refuse where a SKU
    that is kept as stock, or that open orders ask for, would change what it is. Returns whether
    anything was changed.

    Raises: UnknownSku, KitInKit, PartOfKits, KitTooLarge; KeptAsStock, AskedForByOrders.
    Locks: Sku.
    Publishes: KitChanged.
    """
    if len(components) > MOST_COMPONENTS:
        raise KitTooLarge(kit=sku, most=MOST_COMPONENTS)
    codes = {sku, *components}
    found = {row.code: row for row in lock(Sku.objects.filter(code__in=codes))}
    if missing := sorted(codes - found.keys()):
        raise UnknownSku(skus=missing)
    if inside := sorted(code for code in components if found[code].is_kit or code == sku):
        raise KitInKit(kit=sku, skus=inside)
    kit = found[sku]
    if components and (holders := kits_with([kit.pk])):
        raise PartOfKits(sku=sku, kits=holders[kit.pk])

    rows = KitComponent.objects.filter(kit=kit)
    before = dict(rows.order_by("position").values_list("component__code", "quantity"))
    if list(before.items()) == list(components.items()):
        return False
    rows.delete()
    KitComponent.objects.bulk_create(
        KitComponent(kit=kit, component=found[code], quantity=units, position=position)
        for position, (code, units) in enumerate(components.items(), start=1)
    )
    kit.is_kit = bool(components)
    kit.save(update_fields=["is_kit"])
    publish(
        KitChanged(
            thread=sku,
            subject=sku,
            by=by,
            at=at,
            components=dict(components),
            before=before,
            sku_id=kit.pk,
        )
    )
    return True
