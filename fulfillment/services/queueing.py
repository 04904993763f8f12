from datetime import datetime

from fulfillment.events import QueuePolicySet
from fulfillment.models import QueuePolicy
from fulfillment.services.offering import offer_freed_units
from fulfillment.states import QueueRule
from oms.catalog.errors import UnknownSku
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service
from orders.models import OrderLine

EVERY_SKU = "queue"


@service
def set_queue_policy(*, rule: QueueRule | None, sku: str = "", by: Actor, at: datetime) -> None:
    """Say who is served first of those that wait for a SKU; no `sku`: for every SKU without a
    policy of its own.

    None takes the policy away. What the new rule gives to somebody now is given in a moment;
    what others have already stays theirs.

    Raises: UnknownSku.
    Locks: nothing.
    Publishes: QueuePolicySet.
    """
    unit = Sku.objects.filter(code=sku).first() if sku else None
    if sku and unit is None:
        raise UnknownSku(skus=[sku])
    if rule is None:
        QueuePolicy.objects.filter(sku=unit).delete()
    else:
        QueuePolicy.objects.update_or_create(
            sku=unit, defaults={"rule": rule, "set_by": str(by), "set_at": at}
        )
    publish(
        QueuePolicySet(
            thread=sku or EVERY_SKU,
            subject=sku or EVERY_SKU,
            by=by,
            at=at,
            sku=sku,
            rule=str(rule) if rule else None,
        )
    )
    waiting = OrderLine.objects.filter(backordered__gt=0)
    if unit is not None:
        waiting = waiting.filter(sku=unit)
    sku_ids = list(waiting.order_by("sku_id").values_list("sku_id", flat=True).distinct())
    offer_freed_units(sku_ids=sku_ids, reference=f"queue:{sku}", at=at)
