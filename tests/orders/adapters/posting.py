"""Documents of channels, posted as their channels do, and the books that they leave."""

import base64
import contextlib
import hashlib
import hmac
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from inventory.models import StockLevel
from oms.channels.models import InboundMessage
from oms.core.models import Job
from oms.messaging.rules.signing import headers as signed_headers
from orders.adapters.messages import Message, Unreadable
from orders.adapters.parts import everything_ordered
from orders.adapters.registry import adapter_of
from orders.models import ChannelOrder, Hold, Order
from tests.orders.inbound import give_secret, send, work

SECRET = "secret-of-the-channel"  # noqa: S105
LONGEST_SKU = 60
ADAPTERS = ("amazon", "bigcommerce", "shipstation", "shopify", "woocommerce")


@dataclass(frozen=True)
class Posted:
    """A document as it is posted: which file it is from, of which kind of channel."""

    folder: str
    name: str
    adapter: str
    body: bytes


def documents(root: Path) -> Iterator[Posted]:
    """Every document under `root` whose folder names a kind of channel, in the order of names."""
    for folder in sorted(each for each in root.iterdir() if each.is_dir()):
        adapter = folder.name.partition("_")[0]
        if adapter in ADAPTERS:
            for path in sorted(folder.iterdir()):
                yield Posted(folder.name, path.name, adapter, path.read_bytes())


def written_anew(body: bytes) -> bytes:
    """The same document in other bytes, as a channel that was asked again would write it."""
    if body.lstrip().startswith(b"<"):
        return body + b"\n"
    return json.dumps(json.loads(body), indent=3).encode()


def proof(adapter: str, body: bytes) -> dict[str, str]:
    """The headers with which a channel of this kind proves these bytes."""
    if adapter in ("shopify", "woocommerce"):
        name = {"shopify": "x-shopify-hmac-sha256", "woocommerce": "x-wc-webhook-signature"}
        digest = hmac.digest(SECRET.encode(), body, hashlib.sha256)
        return {name[adapter]: base64.b64encode(digest).decode()}
    if adapter == "shipstation":
        pair = base64.b64encode(f"oms:{SECRET}".encode()).decode()
        return {"authorization": f"Basic {pair}"}
    return signed_headers(
        message_id="msg_" + hashlib.sha256(body).hexdigest()[:24],
        timestamp=int(time.time()),
        body=body,
        secrets_in_force=[SECRET.encode()],
    )


def post(posted: Posted, body: bytes | None = None):
    raw = posted.body if body is None else body
    kind = "application/xml" if posted.adapter == "shipstation" else "application/json"
    return send(raw, proof(posted.adapter, raw), posted.adapter, content_type=kind)


def open_channels(world) -> None:
    """A channel of each kind, signing with the secret, that may post as fast as it can."""
    for adapter in ADAPTERS:
        channel = world.channel(adapter, adapter=adapter, requests_per_minute=100_000, burst=10_000)
        give_secret(channel.slug, SECRET)


def stock_what_is_named(world, said: Iterable[Posted]) -> None:
    """Units of every other SKU that the documents name: the others are unknown here."""
    found = set()
    for each in said:
        try:
            reading = adapter_of(each.adapter).read(Message(each.body, {}, datetime.now(UTC)))
        except Unreadable:
            continue
        for report in reading.reports:
            ordered = everything_ordered(report.parts)
            found |= (
                {item.sku for item in ordered.items if item.sku.isascii()} if ordered else set()
            )
    found = {sku for sku in found if 0 < len(sku) <= LONGEST_SKU}
    for sku in sorted(found)[::2]:
        world.stock(sku, rotterdam=50_000)


class _Undone(Exception):
    pass


@contextlib.contextmanager
def undone() -> Iterator[dict[str, Any]]:
    """A dictionary for what is found in here; of all else nothing stays."""
    found: dict[str, Any] = {}
    inside = transaction.atomic()
    inside._from_testcase = True  # what commits for itself may stand in it, as in any test
    with contextlib.suppress(_Undone), inside:
        yield found
        raise _Undone


def settle() -> None:
    """Have the workers do all there is to do, what waits for another try too."""
    while True:
        while work():
            pass
        waiting = Job.objects.filter(kind="inbound", due_at__gt=timezone.now())
        if not waiting.update(due_at=timezone.now()):
            return


def books() -> dict:
    """All that stands in our books of what channels said."""
    orders = {
        (order.channel.slug, order.external_id): {
            "status": (order.status, order.payment_status, order.fulfillment_status),
            "money": tuple(
                str(each)
                for each in (
                    order.total_amount, order.shipping_amount, order.shipping_tax_amount,
                    order.discount_amount, order.captured_amount, order.authorized_amount,
                    order.refunded_amount,
                )
            ),
            "currency": order.currency,
            "customer": (order.customer_name, order.email),
            "to": order.ship_to,
            "holds": sorted(order.holds.filter(released_at=None).values_list("kind", "reason")),
            "lines": sorted(
                (line.external_id, line.sku_code, line.quantity, line.cancelled, line.shipped,
                 str(line.unit_price), str(line.discount_amount), str(line.tax_amount))
                for line in order.lines.exclude(quantity=0)
            ),
            "refunds": sorted(str(each.amount) for each in order.refunds.all()),
        }
        for order in Order.objects.select_related("channel")
    }  # fmt: skip
    kept = {
        (each.channel.slug, each.external_id): (
            each.state, each.said_state, sorted(each.missing),
            sorted((p["key"], p["code"]) for p in each.problems),
        )
        for each in ChannelOrder.objects.select_related("channel")
    }  # fmt: skip
    return {
        "orders": orders,
        "kept": kept,
        "stock": sorted(StockLevel.objects.values_list("sku__code", "on_hand")),
        "reserved": sorted(_reserved()),
    }


def _reserved() -> Iterator[tuple[str, int]]:
    """Units set aside, but of what a held order wants: a hold keeps more from being set aside and
    leaves what is, so that these depend on when it came."""
    held = Hold.objects.filter(released_at=None).values_list("order__lines__sku_code", flat=True)
    levels = StockLevel.objects.exclude(sku__code__in=list(held))
    yield from levels.values_list("sku__code", "reserved")


def states() -> Counter:
    """How many documents came to what, by channel; one that came in other bytes is another."""
    return Counter(
        (each.channel.slug, each.state) for each in InboundMessage.objects.select_related("channel")
    )


def differences(one: dict, other: dict) -> list[str]:
    """What two books differ in, in words."""
    found = []
    for name in ("orders", "kept"):
        for key in sorted({*one[name], *other[name]}):
            if one[name].get(key) != other[name].get(key):
                found.append(f"{name} {key}: {one[name].get(key)} / {other[name].get(key)}")
    found += [f"{name} differs" for name in ("stock", "reserved") if one[name] != other[name]]
    return found
