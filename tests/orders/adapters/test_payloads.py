"""Documents as shops publish them are read, or refused for a reason that is said.

`CHANNEL_PAYLOADS=FOLDER pytest tests/orders/adapters/test_payloads.py -s` tries others, and tells
what became of each kind.
"""

import json
import os
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orders.adapters.messages import Message, Unreadable
from orders.adapters.registry import adapter_of
from tests.orders.adapters.totals import reached

KEPT = Path(__file__).parents[2] / "data" / "channel_payloads"
MORE = os.environ.get("CHANNEL_PAYLOADS", "")
SHOPS = {"shopify": "shopify", "shopify_rest": "shopify", "woocommerce": "woocommerce"}
TELLING = {"order", "orders", "refund", "fulfillment", "transaction", "order-refunds"}
"""Kinds of files whose documents say something of an order."""


def documents(folder: Path, channel: str):
    """Yield what may be posted: documents, and of a request with its response the response."""
    for path in sorted((folder / channel).glob("*.json")):
        said = json.loads(path.read_bytes())
        if channel == "shopify_rest":
            yield path, "response", said["response"]
            if said["request"]:
                yield path, "request", said["request"]
        else:
            yield path, "request" if "request" in path.name else "response", said


def outcome(channel: str, said) -> tuple[str, list]:
    body = json.dumps(said).encode()
    try:
        reading = adapter_of(SHOPS[channel]).read(Message(body, {}, datetime.now(UTC)))
    except Unreadable as problem:
        return f"refused: {problem}", []
    if not reading.reports:
        assert reading.ignored
        return f"ignored: {reading.ignored}", []
    kinds = sorted({key.partition(":")[0] for each in reading.reports for key in each.parts})
    return f"taken: {', '.join(kinds)}", list(reading.reports)


def check(folder: Path) -> Counter:
    found: Counter = Counter()
    for channel in SHOPS:
        for path, which, said in documents(folder, channel):
            kind = path.stem.partition("__")[0]
            told, reports = outcome(channel, said)
            found[channel, kind, which, told[:110]] += 1
            for report in reports:
                if {"head", "items"} <= report.parts.keys():
                    assert reached(report.parts) == report.parts["head"].total, path.name
            if kind in TELLING and which == "response" and not excused(path.name):
                assert reports, (path.name, told)
    return found


def excused(name: str) -> bool:
    """Previews of refunds, a fulfillment that is only asked for, three fields of an order."""
    return "_calculate" in name or "_open.json" in name or name.startswith(NO_MORE)


NO_MORE = "order__2022_04__get__orders.json_2"


def test_documents_of_shops_are_read_and_come_to_their_totals():
    assert sum(check(KEPT).values()) == 9


@pytest.mark.skipif(not MORE, reason="CHANNEL_PAYLOADS names no folder")
def test_more_documents_of_shops_are_read_or_refused_for_a_reason():
    for (channel, kind, which, told), count in sorted(check(Path(MORE)).items()):
        sys.stdout.write(f"| {channel} | {kind} | {which} | {count} | {told} |\n")
