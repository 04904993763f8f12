"""The list of orders as a table to keep: a row for each, read a page at a time."""

from collections.abc import Iterator, Sequence

from django.db.models import Q, QuerySet

from oms.core.exports import Cell
from orders.models import Order

PAGE = 1_000
HEADERS = (
    "number", "external_id", "channel", "status", "payment_status", "fulfillment_status",
    "return_status", "placed_at", "currency", "total", "captured", "refunded", "cancelled",
    "customer", "email", "country", "postal_code", "city",
)  # fmt: skip
READ = (
    "number", "external_id", "channel__slug", "status", "payment_status", "fulfillment_status",
    "return_status", "placed_at", "currency", "total_amount", "captured_amount", "refunded_amount",
    "cancelled_amount", "customer_name", "email", "ship_to",
)  # fmt: skip


def order_table(orders: QuerySet[Order]) -> Iterator[Sequence[Cell]]:
    """Yield what `orders` says, headers first, the newest placed first.

    Each page is a query of its own that goes on after the last row of the one before: no lock and
    no snapshot is held however long the reader takes, and memory stays that of one page.
    """
    yield HEADERS
    rows = orders.select_related("channel").only(*READ).order_by("-placed_at", "-id")
    page = list(rows[:PAGE])
    while page:
        for order in page:
            yield _row(order)
        last = page[-1]
        further = Q(placed_at__lt=last.placed_at) | Q(placed_at=last.placed_at, pk__lt=last.pk)
        page = list(rows.filter(further, placed_at__lte=last.placed_at)[:PAGE])


def _row(order: Order) -> Sequence[Cell]:
    to = order.ship_to
    return (
        order.number, order.external_id, order.channel.slug, order.status, order.payment_status,
        order.fulfillment_status, order.return_status, order.placed_at, order.currency,
        order.total_amount, order.captured_amount, order.refunded_amount, order.cancelled_amount,
        order.customer_name, order.email, to.country, to.postal_code, to.city,
    )  # fmt: skip
