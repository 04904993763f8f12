"""What channels were told that they may promise."""

from collections.abc import Collection

from django.db.models import QuerySet

from inventory.models import ToldAvailability
from oms.channels.models import Channel

THREAD = "stock:"


def told_after(channel_id: int, *, sequence: int) -> QuerySet[ToldAvailability]:
    """Return what a channel was told after `sequence`, in that order: of each SKU the latest."""
    rows = ToldAvailability.objects.filter(channel=channel_id, sequence__gt=sequence)
    return rows.select_related("sku").order_by("sequence")


def told_units(*, channel: str, skus: Collection[str]) -> dict[str, int]:
    """Return what a channel was last told that it may promise of these SKUs. One query."""
    rows = ToldAvailability.objects.filter(channel__slug=channel, sku__code__in=skus)
    return dict(rows.values_list("sku__code", "units"))


def channels_told(threads: Collection[str]) -> dict[str, int]:
    """Return the channel of each of these stories that is about availability. One query, none
    where there is no such story."""
    slugs = [each.removeprefix(THREAD) for each in threads if each.startswith(THREAD)]
    if not slugs:
        return {}
    found = Channel.objects.filter(slug__in=slugs).values_list("slug", "pk")
    return {f"{THREAD}{slug}": pk for slug, pk in found}
