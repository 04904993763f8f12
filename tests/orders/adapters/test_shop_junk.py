"""Whatever stands where in a document of a shop: it is read, or refused in words."""

import contextlib
import copy
import itertools
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from orders.adapters.messages import Message, Unreadable
from orders.adapters.parts import Reading
from orders.adapters.registry import adapter_of

FOLDER = Path(__file__).parents[2] / "data" / "channel_payloads"
JUNK = (
    None,
    "",
    "x",
    "-1",
    0,
    -1,
    1.5,
    10**30,
    True,
    [],
    {},
    [None],
    [[]],
    {"a": {}},
    "\u0000",
    "\ud800",
    "9" * 40,
    "2026-13-45T99:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
)


def seeds():
    shopify = [json.loads(p.read_text())["response"] for p in (FOLDER / "shopify_rest").glob("*")]
    woo = [json.loads(p.read_text()) for p in (FOLDER / "woocommerce").glob("*.json")]
    rich = json.loads((FOLDER / "shopify_rest/order__2024_01__get__orders.json_2.json").read_text())
    order = rich["response"]["orders"][0]
    order |= {
        "refunds": [shopify_part(shopify, "refund")],
        "fulfillments": [shopify_part(shopify, "fulfillments")[0]],
        "transactions": [{"id": 1, "kind": "sale", "status": "success", "amount": "1"}],
        "note_attributes": [{"name": "a", "value": "b"}],
        "total_tip_received": "1.00",
        "discount_codes": [{"code": "A", "amount": "1", "type": "shipping"}],
        "presentment_currency": "JPY",
        "shipping_lines": [{"title": "A", "price": "1", "tax_lines": [{"price": "1"}]}],
    }
    return [("shopify", each) for each in [*shopify, order]] + [
        ("woocommerce", each) for each in woo
    ]


def shopify_part(found, name):
    return next(each[name] for each in found if name in each)


def places(document, path=()):
    yield path
    children = document.items() if isinstance(document, dict) else enumerate(document)
    for key, child in children:
        if isinstance(child, dict | list):
            yield from places(child, (*path, key))
        else:
            yield (*path, key)


def put(document, path, value):
    changed = copy.deepcopy(document)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


def cases():
    return [
        (adapter, document, path, junk)
        for adapter, document in seeds()
        for path, junk in itertools.product([p for p in places(document) if p], JUNK)
    ]


def check(adapter, document, path, junk):
    body = json.dumps(put(document, path, junk)).encode()
    reading = Reading(ignored="unreadable")
    with contextlib.suppress(Unreadable):
        reading = adapter_of(adapter).read(Message(body, {}, datetime.now(UTC)))
    assert reading.reports or reading.ignored
    for report in reading.reports:
        kept = msgspec.json.encode(msgspec.to_builtins(dict(report.parts)))
        assert report.order
        assert b"\\u0000" not in kept


def test_junk_anywhere_in_a_document_is_read_or_refused():
    for case in random.Random(7).sample(cases(), 800):
        check(*case)


@pytest.mark.full
def test_all_junk_everywhere_is_read_or_refused():
    for case in cases():
        check(*case)
