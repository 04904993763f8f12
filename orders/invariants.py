"""What is true of orders and their money at every moment."""

from decimal import Decimal
from types import SimpleNamespace

from babel.numbers import list_currencies

from oms.core.books import Invariant
from oms.core.ledgers import STANDING
from oms.core.money import exponent
from orders.rules.progress import (
    ending,
    fulfillment_progress,
    has_nothing_to_send,
    payment_progress,
    return_progress,
)
from orders.states import HOLDS, OrderStatus, Stop

ALLOCATION_HOLDS = ", ".join(
    f"'{kind}'" for kind, hold in HOLDS.items() if Stop.ALLOCATE in hold.stops
)
DECIMALS = "CASE o.currency {cases} ELSE 2 END".format(
    cases=" ".join(
        f"WHEN '{code}' THEN {exponent(code)}"
        for code in sorted(list_currencies())
        if exponent(code) != 2
    )
)
ENDED = {"complete": OrderStatus.COMPLETED, "cancel": OrderStatus.CANCELLED, None: OrderStatus.OPEN}


def statuses_follow(
    *,
    order: str,
    status: str,
    payment_status: str,
    fulfillment_status: str,
    return_status: str,
    total: Decimal,
    cancelled_amount: Decimal,
    authorized: Decimal,
    captured: Decimal,
    refunded: Decimal,
    unsent: int,
    unsent_cancelled: int,
    **units: int,
) -> bool:
    """Whether the rules give the statuses that are stored, from the sums over an order's lines."""
    lines = [
        SimpleNamespace(ships=True, **units),
        SimpleNamespace(
            ships=False,
            quantity=unsent,
            cancelled=unsent_cancelled,
            shipped=0,
            return_requested=0,
            returned=0,
        ),
    ]
    due = total - cancelled_amount
    life = status == OrderStatus.DRAFT or status == ENDED[ending(lines)]
    life = life or (status == OrderStatus.COMPLETED and has_nothing_to_send(lines))
    return life and (payment_status, fulfillment_status, return_status) == (
        payment_progress(
            total=total, due=due, authorized=authorized, captured=captured, refunded=refunded
        ),
        fulfillment_progress(lines),
        return_progress(lines),
    )


INVARIANTS = (
    Invariant(
        "order_lines_add_up",
        "Every unit ordered is cancelled, backordered or allocated; it waits for a location only "
        "while a hold stops allocating.",
        f"""
        SELECT o.number AS order, l.sku_code AS sku, l.quantity, l.cancelled, l.backordered,
               l.allocated
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        WHERE l.quantity < l.cancelled + l.backordered + l.allocated
           OR l.quantity > l.cancelled + l.backordered + l.allocated
              AND o.status <> '{OrderStatus.DRAFT}'
              AND l.ships AND l.sku_id IS NOT NULL
              AND coalesce(l.ship_to, o.ship_to) ->> 'country' <> ''
              AND NOT EXISTS (
                  SELECT FROM orders_hold h
                  WHERE h.order_id = o.id AND h.released_at IS NULL
                    AND h.kind IN ({ALLOCATION_HOLDS})
              )
        ORDER BY 1, 2
        """,  # noqa: S608 (names are our own)
    ),
    Invariant(
        "order_lines_move_in_order",
        "Units are allocated, picked, packed, shipped, delivered and returned, in this order.",
        """
        SELECT o.number AS order, l.sku_code AS sku, l.allocated, l.picked, l.packed, l.shipped,
               l.delivered, l.returned
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        WHERE NOT (l.allocated >= l.picked AND l.picked >= l.packed AND l.packed >= l.shipped
                   AND l.shipped >= l.delivered AND l.delivered >= l.returned)
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "order_line_totals",
        "A line's total is its quantity times its price, less its discount, with its tax, rounded "
        "half up.",
        f"""
        SELECT o.number AS order, l.sku_code AS sku, l.total_amount,
               round(l.quantity * l.unit_price - l.discount_amount + l.tax_amount, {DECIMALS})
                   AS recomputed
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        WHERE l.total_amount <>
              round(l.quantity * l.unit_price - l.discount_amount + l.tax_amount, {DECIMALS})
        ORDER BY 1, 2
        """,  # noqa: S608 (names are our own)
    ),
    Invariant(
        "order_kits_add_up",
        "What kits of an order cost is what their lines cost together, and each line has its units "
        "for every kit.",
        """
        SELECT o.number AS order, k.sku_code AS kit, k.quantity, k.total_amount,
               sum(l.total_amount) AS of_lines
        FROM orders_orderkit k
        JOIN orders_order o ON o.id = k.order_id
        LEFT JOIN orders_orderline l ON l.kit_id = k.id
        GROUP BY o.number, k.id
        HAVING k.total_amount <> coalesce(sum(l.total_amount), 0)
            OR bool_or(l.quantity <> k.quantity * l.per_kit) IS NOT FALSE
            OR bool_or(l.order_id <> k.order_id) OR min(l.position) <> k.position
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "order_totals",
        "An order's total is its lines and its shipping, less its discount.",
        """
        SELECT o.number AS order, o.total_amount,
               coalesce(l.total, 0) + o.shipping_amount + o.shipping_tax_amount
                   - o.discount_amount AS recomputed
        FROM orders_order o
        LEFT JOIN (
            SELECT order_id, sum(total_amount) AS total FROM orders_orderline GROUP BY order_id
        ) l ON l.order_id = o.id
        WHERE o.total_amount <> coalesce(l.total, 0) + o.shipping_amount
                                + o.shipping_tax_amount - o.discount_amount
        ORDER BY 1
        """,
    ),
    Invariant(
        "money_ledger",
        "What an order is charged, what was captured and what was refunded are sums of its money "
        "ledger.",
        """
        SELECT o.number AS order,
               o.total_amount - o.cancelled_amount AS due, coalesce(m.due, 0) AS ledger_due,
               o.captured_amount AS captured, coalesce(m.captured, 0) AS ledger_captured,
               o.refunded_amount AS refunded, coalesce(m.refunded, 0) AS ledger_refunded
        FROM orders_order o
        LEFT JOIN (
            SELECT order_id,
                   coalesce(sum(amount) FILTER (WHERE kind IN ('charge', 'cancel')), 0) AS due,
                   coalesce(sum(amount) FILTER (WHERE kind = 'capture'), 0) AS captured,
                   coalesce(-sum(amount) FILTER (WHERE kind = 'refund'), 0) AS refunded
            FROM orders_moneyentry GROUP BY order_id
        ) m ON m.order_id = o.id
        WHERE o.total_amount - o.cancelled_amount <> coalesce(m.due, 0)
           OR o.captured_amount <> coalesce(m.captured, 0)
           OR o.refunded_amount <> coalesce(m.refunded, 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "money_ledger_currency",
        "Every ledger entry, payment and refund is in the currency of its order.",
        """
        SELECT o.number AS order, o.currency, m.currency AS found
        FROM (SELECT order_id, currency FROM orders_moneyentry
              UNION SELECT order_id, currency FROM orders_payment
              UNION SELECT order_id, currency FROM orders_refund) m
        JOIN orders_order o ON o.id = m.order_id
        WHERE m.currency <> o.currency ORDER BY 1
        """,
    ),
    Invariant(
        "payments_captured",
        "What was captured of a payment is the sum of its ledger entries.",
        """
        SELECT o.number AS order, p.reference AS payment, p.captured_amount AS captured,
               coalesce(m.captured, 0) AS ledger_captured
        FROM orders_payment p
        JOIN orders_order o ON o.id = p.order_id
        LEFT JOIN (
            SELECT payment_id, sum(amount) AS captured
            FROM orders_moneyentry WHERE kind = 'capture' GROUP BY payment_id
        ) m ON m.payment_id = p.id
        WHERE p.captured_amount <> coalesce(m.captured, 0)
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "payments_committed",
        "What refunds have spoken for of a payment is the sum of its refunds that were not "
        "rejected.",
        """
        SELECT o.number AS order, p.reference AS payment, p.refund_committed_amount AS committed,
               coalesce(r.amount, 0) AS refunds
        FROM orders_payment p
        JOIN orders_order o ON o.id = p.order_id
        LEFT JOIN (
            SELECT payment_id, sum(amount) AS amount
            FROM orders_refund WHERE status <> 'rejected' GROUP BY payment_id
        ) r ON r.payment_id = p.id
        WHERE p.refund_committed_amount <> coalesce(r.amount, 0)
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "refunds_in_ledger",
        "A refund stands in the money ledger once it has succeeded, and not before.",
        """
        SELECT r.number AS refund, r.status, r.amount, -m.amount AS ledger
        FROM orders_refund r
        LEFT JOIN orders_moneyentry m ON m.refund_id = r.id AND m.kind = 'refund'
        WHERE (r.status = 'succeeded') <> (m.id IS NOT NULL) OR -m.amount <> r.amount
        ORDER BY 1
        """,
    ),
    Invariant(
        "lines_refunded",
        "What was granted back for a line is the sum of its parts of refunds not rejected.",
        """
        SELECT o.number AS order, l.sku_code AS sku, l.refunded_amount AS refunded,
               coalesce(r.amount, 0) AS parts
        FROM orders_orderline l
        JOIN orders_order o ON o.id = l.order_id
        LEFT JOIN (
            SELECT p.order_line_id, sum(p.amount) AS amount
            FROM orders_refundline p JOIN orders_refund r ON r.id = p.refund_id
            WHERE r.status <> 'rejected' GROUP BY p.order_line_id
        ) r ON r.order_line_id = l.id
        WHERE l.refunded_amount <> coalesce(r.amount, 0)
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "order_statuses",
        "An order's life and its payment, fulfillment and return progress follow from its "
        "counters and amounts.",
        """
        SELECT o.number AS order, o.status, o.payment_status, o.fulfillment_status,
               o.return_status, o.total_amount AS total, o.cancelled_amount,
               o.authorized_amount AS authorized, o.captured_amount AS captured,
               o.refunded_amount AS refunded, l.*
        FROM orders_order o
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(quantity) FILTER (WHERE ships), 0)::bigint AS quantity,
                   coalesce(sum(cancelled) FILTER (WHERE ships), 0)::bigint AS cancelled,
                   coalesce(sum(quantity) FILTER (WHERE NOT ships), 0)::bigint AS unsent,
                   coalesce(sum(cancelled) FILTER (WHERE NOT ships), 0)::bigint
                       AS unsent_cancelled,
                   coalesce(sum(shipped), 0)::bigint AS shipped,
                   coalesce(sum(return_requested), 0)::bigint AS return_requested,
                   coalesce(sum(returned), 0)::bigint AS returned
            FROM orders_orderline WHERE order_id = o.id
        ) l
        ORDER BY 1
        """,
        holds=statuses_follow,
    ),
    Invariant(
        "orders_are_told",
        "Every order has the fact that it was placed.",
        """
        SELECT o.number AS order FROM orders_order o
        WHERE o.status <> 'draft' AND NOT EXISTS (
            SELECT FROM core_eventrecord e WHERE e.thread = o.number AND e.name = 'order.placed'
        )
        ORDER BY 1
        """,
    ),
    Invariant(
        "deliveries_are_orders_once",
        "A delivery that was placed is one order of its subscription's channel, under its own "
        "name; one that is still to come has none.",
        """
        SELECT s.number AS subscription, c.index AS delivery, c.status, o.number AS order
        FROM orders_cycle c
        JOIN orders_subscription s ON s.id = c.subscription_id
        LEFT JOIN orders_order o ON o.id = c.order_id
        WHERE (c.status IN ('planned', 'locked') AND c.order_id IS NOT NULL)
           OR (c.order_id IS NOT NULL
               AND (o.external_id <> s.number || '-' || c.index OR o.channel_id <> s.channel_id))
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "charges_are_captured",
        "A charge that succeeded is a payment of its order.",
        """
        SELECT o.number AS order, h.gateway_reference AS charge
        FROM orders_charge h JOIN orders_order o ON o.id = h.order_id
        WHERE h.status = 'succeeded' AND NOT EXISTS (
            SELECT FROM orders_payment p
            WHERE p.order_id = o.id AND p.reference = h.gateway_reference
              AND p.captured_amount = h.amount
        )
        ORDER BY 1
        """,
    ),
    Invariant(
        "money_ledger_only_grows",
        "The money ledger is guarded against change and removal.",
        STANDING.format(table="orders_moneyentry"),
    ),
    Invariant(
        "money_is_of_something",
        "Every entry of the money ledger is of an order, and of a payment and refund that there "
        "are.",
        """
        SELECT m.id AS entry, m.order_id AS "order", m.payment_id AS payment, m.refund_id AS refund
        FROM orders_moneyentry m
        LEFT JOIN orders_order o ON o.id = m.order_id
        LEFT JOIN orders_payment p ON p.id = m.payment_id
        LEFT JOIN orders_refund r ON r.id = m.refund_id
        WHERE o.id IS NULL OR p.id IS DISTINCT FROM m.payment_id
           OR r.id IS DISTINCT FROM m.refund_id
        ORDER BY 1
        """,
    ),
)
