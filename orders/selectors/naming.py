"""Which SKU of ours a channel means."""

from collections.abc import Iterable

from oms.channels.models import ChannelSku
from oms.core import sql
from orders.adapters.parts import Item

NAMED = """
SELECT w.n, coalesce(own.code, by_listing.code, by_code.code, by_barcode.code)
FROM unnest(%s::int[], %s::text[], %s::text[]) AS w(n, sku, listing)
LEFT JOIN catalog_sku own ON own.code = w.sku AND w.sku <> ''
LEFT JOIN channels_channelsku l
    ON l.listing = w.listing AND w.listing <> '' AND l.channel_id = %s
LEFT JOIN catalog_sku by_listing ON by_listing.id = l.sku_id
LEFT JOIN channels_channelsku c ON c.code = w.sku AND w.sku <> '' AND c.channel_id = %s
LEFT JOIN catalog_sku by_code ON by_code.id = c.sku_id
LEFT JOIN LATERAL (
    SELECT min(s.code) AS code FROM catalog_sku s
    WHERE s.barcode = w.sku AND w.sku <> '' HAVING count(*) = 1
) by_barcode ON true
"""


def known_items(channel_id: int, items: Iterable[Item]) -> dict[str, str]:
    """Return the codes of our SKUs for the items of a channel that are known, by item. One query.

    Our own code counts first, then what was kept for the listing, then for the channel's code, then
    a barcode that only one SKU has.
    """
    asked = list(items)
    rows = sql.run(
        NAMED,
        [
            list(range(len(asked))),
            [item.sku for item in asked],
            [item.listing for item in asked],
            channel_id,
            channel_id,
        ],
    )
    return {asked[n].key: code for n, code in rows if code}


def mappings_of(channel_id: int) -> "list[ChannelSku]":
    """Return what a channel calls our SKUs, by our code."""
    found = ChannelSku.objects.filter(channel_id=channel_id).select_related("sku")
    return list(found.order_by("sku__code", "id"))
