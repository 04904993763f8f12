"""What parts of an order come to, by the rule that our orders follow."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from oms.core.money import ZERO, rounded
from orders.adapters.messages import Adapter, Message, Unreadable
from orders.adapters.parts import Head, Item, Report, everything_ordered


def line_total(item: Item, currency: str) -> Decimal:
    return rounded(item.quantity * item.unit_price - item.discount + item.tax, currency)


def total(report: Report) -> Decimal:
    head, items = report.parts["head"], everything_ordered(report.parts)
    assert isinstance(head, Head)
    assert items is not None
    lines = sum((line_total(each, head.currency) for each in items.items), ZERO)
    sent = head.shipping_amount + head.shipping_tax + items.shipping_amount + items.shipping_tax
    return lines + sent - head.discount


def outcome(adapter: Adapter, path: Path) -> str:
    """What becomes of a real payload: what it is about, or the words of a refusal."""
    message = Message(path.read_bytes(), {}, datetime(2026, 11, 23, 18, 0, tzinfo=UTC))
    adapter.envelope(message)
    try:
        reading = adapter.read(message)
    except Unreadable as refusal:
        return str(refusal)
    about = [each.order for each in reading.reports] + [each.id for each in reading.fetches]
    return ", ".join(about) or reading.ignored
