from datetime import date, datetime

from oms.catalog.errors import KitHasNoStock, UnknownSku
from oms.catalog.events import SkuReleaseMoved
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.services import service


@service
def set_release_date(*, sku: str, release_on: date | None, by: Actor, at: datetime) -> bool:
    """Say from which day on units of a SKU may go out; None, or a day that is over: at once.

    A kit comes out with the last of its components. Returns whether anything was changed.

    Raises: UnknownSku, KitHasNoStock.
    Locks: Sku.
    Publishes: SkuReleaseMoved.
    """
    rows = lock(Sku.objects.filter(code=sku))
    if not rows:
        raise UnknownSku(skus=[sku])
    [found] = rows
    if found.is_kit and release_on:
        raise KitHasNoStock(skus=[sku])
    before = found.release_on
    if before == release_on:
        return False
    found.release_on = release_on
    found.save(update_fields=["release_on"])
    publish(
        SkuReleaseMoved(
            thread=sku,
            subject=sku,
            by=by,
            at=at,
            before=before.isoformat() if before else "",
            release_on=release_on.isoformat() if release_on else "",
            sku_id=found.pk,
        )
    )
    return True
