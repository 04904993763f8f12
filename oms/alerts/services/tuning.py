from collections.abc import Mapping
from datetime import datetime

from oms.alerts.errors import AlertKindUnknown, ThresholdOutOfRange
from oms.alerts.events import AlertThresholdsChanged
from oms.alerts.kinds import kind_of
from oms.alerts.models import Watch
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock_one
from oms.core.services import service


@service
def set_thresholds(*, kind: str, thresholds: Mapping[str, int], by: Actor, at: datetime) -> None:
    """Change what a kind of alert looks for; it is looked for anew at the next turn.

    Raises: AlertKindUnknown, ThresholdOutOfRange.
    Locks: Watch.
    Publishes: AlertThresholdsChanged.
    """
    named = kind_of(kind)
    for name, value in thresholds.items():
        threshold = named.thresholds[name]
        if not threshold.least <= value <= threshold.most:
            raise ThresholdOutOfRange(
                name=str(threshold.label), least=threshold.least, most=threshold.most
            )
    Watch.objects.get_or_create(kind=kind)
    watch = lock_one(Watch.objects.filter(kind=kind), missing=AlertKindUnknown(kind=kind))
    wanted = {**named.values(watch.thresholds), **thresholds}
    if wanted == named.values(watch.thresholds):
        return
    watch.thresholds = {
        name: value for name, value in wanted.items() if value != named.thresholds[name].default
    }
    watch.swept_at = None
    watch.save(update_fields=["thresholds", "swept_at"])
    publish(
        AlertThresholdsChanged(
            thread=kind, subject=kind, by=by, at=at, kind=kind, thresholds=wanted
        )
    )
