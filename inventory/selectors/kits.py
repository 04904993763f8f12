"""Kits as staff see them: what they are made of, and how many can be made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from inventory.selectors.offers import Offer, offers
from oms.catalog.events import KitChanged
from oms.catalog.models import KitComponent, Sku
from oms.catalog.selectors import SkuRef
from oms.channels.naming import actor_name
from oms.core.models import EventRecord


@dataclass(frozen=True)
class KitRow:
    """A kit, its components, and how many of it can be made."""

    sku: Sku
    components: list[KitComponent]
    offer: Offer


def kit_list(search: str = "") -> QuerySet[Sku]:
    """Return kits; `search` begins the kit's code or name, or the code of a component."""
    kits = Sku.objects.filter(is_kit=True)
    if not search:
        return kits
    named = Q(code__istartswith=search) | Q(name__istartswith=search)
    inside = KitComponent.objects.filter(component__code__istartswith=search)
    return kits.filter(named | Q(pk__in=inside.values("kit")))


def kit_rows(kits: Sequence[Sku], location_ids: Sequence[int] | None = None) -> list[KitRow]:
    """Return kits with what they are made of and can be made of. Three queries."""
    refs = {
        kit.code: SkuRef(kit.pk, kit.code, kit.name, kit.weight_g or 0, kit.is_kit) for kit in kits
    }
    found = offers(refs, location_ids=location_ids)
    inside: dict[int, list[KitComponent]] = {kit.pk: [] for kit in kits}
    rows = KitComponent.objects.filter(kit__in=kits).select_related("component")
    for each in rows.order_by("kit", "position"):
        inside[each.kit_id].append(each)
    return [KitRow(kit, inside[kit.pk], found[kit.code]) for kit in kits]


LATEST = 10


@dataclass(frozen=True)
class KitEdit:
    """Who said when what a kit is made of."""

    at: datetime
    by: str
    components: dict[str, int]


def kit_edits(code: str) -> list[KitEdit]:
    """Return what was last said of a kit, the newest first. One query."""
    told = EventRecord.objects.filter(thread=code, name=KitChanged.name).order_by("-id")[:LATEST]
    return [
        KitEdit(each.happened_at, actor_name(each.actor), each.payload["components"])
        for each in told
    ]
