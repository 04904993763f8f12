"""People buy: orders come in through the API, as the shops send them."""

import http.client
import json
from dataclasses import asdict
from random import Random
from typing import Any
from urllib.parse import urlsplit

from inventory import services as inventory
from inventory.models import Location
from inventory.services import Arrival
from oms.catalog.demo import BARCODES
from oms.catalog.models import Sku
from oms.channels.demo import EXPORT, MARKET, SOCIAL
from oms.core import sql
from oms.core.actors import Actor
from oms.core.demo import SLUG, api_key, hand_at
from oms.core.demo_life import PREFIX, Life
from orders import services
from orders.demo_baskets import basket, paid
from orders.demo_people import person
from orders.models import Hold, OrderLine
from orders.rules.wanted import NewOrder
from orders.states import OrderStatus

PEOPLE = 400
MOST_AT_ONCE = 10
PATIENCE = 10
DISPUTED = 0.03
UNPAID = 0.04
HASTY = 0.08
ARRIVING = 0.03
ARRIVES_AT, SPARE = "ROT", 24
NEWEST = """
SELECT coalesce(max(substr(external_id, %s)::int), 0) FROM orders_order
WHERE external_id ~ %s
"""


def buy(life: Life) -> None:
    """Place the orders that are due. One whose answer was lost is sent again until it is heard."""
    life.owed = min(life.owed + life.times(1), 5 * MOST_AT_ONCE)
    placed = 0
    while life.owed >= 1 and placed < MOST_AT_ONCE:
        if not _place(life, newest() + 1):
            return
        life.owed -= 1
        placed += 1


def newest() -> int:
    """Return the number of the youngest order that was placed here: what is placed is the count."""
    [(number,)] = sql.run(NEWEST, [len(PREFIX) + 1, f"^{PREFIX}[0-9]+$"])
    return int(number)


def _place(life: Life, nth: int) -> bool:
    """Send the nth order; return whether it is known to be there."""
    dice = Random(f"life {nth}")  # noqa: S311 (drawn again alike when it is sent again)
    who = person(dice.randrange(PEOPLE))
    slug = dice.choices((SLUG, MARKET, SOCIAL), (6, 3, 1))[0]
    slug = EXPORT if who.address.country == "US" else slug
    wares = list(Sku.objects.filter(barcode__startswith=BARCODES, price__lt=60).order_by("code"))
    chosen = dict.fromkeys(dice.choices(wares, k=dice.choice((1, 1, 2, 2, 3))))
    units = {sku: dice.choice((1, 1, 2, 3)) for sku in chosen}
    wanted = basket(f"{PREFIX}{nth}", who, units, life.now, slug)
    if dice.random() >= UNPAID:
        wanted = paid(wanted)
    body = _as_json(wanted, "express" if dice.random() < HASTY else "standard")
    status = _post(life.url, "/api/v1/orders/", api_key(slug), wanted.external_id, body)
    if status in {200, 201} and dice.random() < DISPUTED:
        _dispute(wanted.external_id)
    return status is not None and status < 500 and status != 429


def _as_json(wanted: NewOrder, service: str) -> dict[str, Any]:
    """Return the order as the contract of the API has it."""
    customer = asdict(wanted.customer)
    address = {key: value for key, value in asdict(wanted.ship_to).items() if value is not None}
    return {
        "external_id": wanted.external_id,
        "placed_at": wanted.placed_at.isoformat(),
        "currency": wanted.currency,
        "customer": {key: value for key, value in customer.items() if value},
        "shipping_address": address,
        "lines": [
            {
                "sku": line.sku,
                "quantity": line.quantity,
                "unit_price": str(line.unit_price),
                "tax": str(line.tax),
            }
            for line in wanted.lines
        ],
        "shipping": {
            "method": service,
            "amount": str(wanted.shipping_amount),
            "tax": str(wanted.shipping_tax),
        },
        "payments": [
            {
                "reference": each.reference,
                "method": each.method,
                "status": each.status,
                "amount": str(each.amount),
            }
            for each in wanted.payments
        ],
    }


def _post(url: str, path: str, key: str, idempotency_key: str, body: Any) -> int | None:
    """Return the status of the answer; None when there was none."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Idempotency-Key": idempotency_key,
    }
    try:
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return answer.status


def _dispute(external_id: str) -> None:
    [(number,)] = sql.run("SELECT number FROM orders_order WHERE external_id = %s", [external_id])
    reason = "Card and address are of two countries"
    services.hold_order(number=number, kind="fraud", reason=reason, by=Actor("user", "sam"))


def decide(life: Life) -> None:
    """Let an order go that was held, once somebody has had a look at it."""
    if not life.times(DISPUTED):
        return
    held = Hold.objects.filter(
        order__external_id__startswith=PREFIX, kind="fraud", released_at__isnull=True
    )
    if hold := held.select_related("order").order_by("set_at").first():
        services.release_hold(number=hold.order.number, kind="fraud", by=Actor("user", "otto"))


def arrive(life: Life) -> None:
    """Bring what most of the new orders wait for."""
    if not life.times(ARRIVING):
        return
    waiting = OrderLine.objects.filter(
        order__external_id__startswith=PREFIX, order__status=OrderStatus.OPEN, backordered__gt=0
    )
    line = waiting.select_related("sku").order_by("-backordered", "id").first()
    if line is None:
        return
    place = Location.objects.get(code=ARRIVES_AT)
    inventory.receive(
        arrivals=[Arrival(line.stock, place, line.backordered + SPARE)],
        reference=f"life:{life.now:%H%M%S}",
        reason="Came earlier than promised",
        by=hand_at(place.code),
        at=life.now,
    )
