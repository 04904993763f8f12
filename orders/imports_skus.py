"""Bringing in what a channel calls our SKUs."""

from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from oms.catalog.models import Sku
from oms.channels.models import Channel, ChannelSku
from oms.core import columns as column
from oms.core.exports import Cell
from oms.core.imports import BadRow, Context, Importer, Outcome, Row, upsert
from oms.core.models import User
from orders.services import match_lines

Name = tuple[str, str]
"""A listing and a code, of which one is empty."""


class ChannelSkus(Importer):
    """What a channel means by a listing's id, or by a code of its own: one of both a row. Lines
    that wait for it get their SKU, and orders that wait for nothing else go on."""

    title = _("Channel SKUs")
    page = "orders:channel-skus"
    permission = "orders.follow_channelorder"
    hints = (
        _("A listing's id, or the code that the channel has: one of both in a row."),
        _("Lines that wait for it are matched, and their orders go on."),
    )
    columns = {"listing": column.text(200), "code": column.text(200), "sku": column.text(64)}
    required = ("sku",)
    needs_channel = True

    def table(self, user: User) -> Iterable[Sequence[Cell]]:
        yield ["channel", *self.columns]
        rows = ChannelSku.objects.order_by("channel__slug", "listing", "code")
        yield from rows.values_list("channel__slug", "listing", "code", "sku__code").iterator()

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        channel = Channel.objects.get(slug=context.channel)
        skus = dict(Sku.objects.filter(code__in={r["sku"] for r in rows}).values_list("code", "id"))
        bad: list[BadRow] = []
        wanted: dict[Name, Row] = {}
        for row in rows:
            if unfit := _unfit(row, wanted, skus):
                bad.append(unfit)
            else:
                wanted[_name(row)] = row
        outcome = Outcome(bad=bad)
        said = {"kept_by": str(context.by), "kept_at": context.at}
        for key, other in (("listing", "code"), ("code", "listing")):
            outcome.counts += upsert(
                ChannelSku,
                [
                    ({key: row[key]}, {"sku_id": skus[row["sku"]]})
                    for row in wanted.values()
                    if row.get(key)
                ],
                key=key,
                known=ChannelSku.objects.filter(channel=channel, **{other: ""}),
                fresh={"channel": channel, **said},
            )
        match_lines(
            channel=context.channel,
            names={name: row["sku"] for name, row in wanted.items()},
            by=context.by,
            at=context.at,
        )
        return outcome


def _name(row: Row) -> Name:
    return row.get("listing", ""), row.get("code", "")


def _unfit(row: Row, wanted: Collection[Name], skus: Collection[str]) -> BadRow | None:
    listing, code = _name(row)
    if bool(listing) == bool(code):
        return row.bad("listing", "a row names a listing or a code, one of both")
    if (listing, code) in wanted:
        return row.bad("listing" if listing else "code", f"{listing or code} stands twice")
    if row["sku"] not in skus:
        return row.bad("sku", f"There is no SKU {row['sku']}")
    return None
