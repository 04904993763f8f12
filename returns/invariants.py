"""What is true of returns at every moment."""

from oms.core.books import Invariant

INVARIANTS = (
    Invariant(
        "returned_units",
        "No more units of a line came back, or are asked back, than were shipped.",
        """
        SELECT o.number AS order, l.sku_code AS sku, l.shipped, l.returned, l.return_requested
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        WHERE l.returned + l.return_requested > l.shipped
        ORDER BY 1
        """,
    ),
    Invariant(
        "return_lines_move_in_order",
        "Of a return no more is received than was announced, graded or settled than was received.",
        """
        SELECT a.number AS return, l.quantity, l.received, l.inspected, l.settled
        FROM returns_returnline l
        JOIN returns_returnauthorization a ON a.id = l.authorization_id
        WHERE l.received > l.quantity OR l.inspected > l.received OR l.settled > l.received
        ORDER BY 1
        """,
    ),
    Invariant(
        "lines_returned",
        "What came back of a line, and what is asked back of it, are sums over its returns.",
        """
        SELECT o.number AS order, l.sku_code AS sku,
               l.returned, coalesce(r.received, 0) AS received,
               l.return_requested AS requested, coalesce(r.expected, 0) AS expected
        FROM orders_orderline l
        JOIN orders_order o ON o.id = l.order_id
        LEFT JOIN (
            SELECT p.order_line_id, sum(p.received) AS received,
                   coalesce(sum(p.quantity - p.received) FILTER (WHERE a.status IN (
                       'requested', 'approved', 'in_transit', 'partly_received', 'received',
                       'inspected')), 0) AS expected
            FROM returns_returnline p
            JOIN returns_returnauthorization a ON a.id = p.authorization_id
            GROUP BY p.order_line_id
        ) r ON r.order_line_id = l.id
        WHERE l.returned <> coalesce(r.received, 0)
           OR l.return_requested <> coalesce(r.expected, 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "returns_graded",
        "The grades that stand for a line of a return add up to its units that are graded.",
        """
        SELECT a.number AS return, l.inspected, coalesce(i.units, 0) AS graded
        FROM returns_returnline l
        JOIN returns_returnauthorization a ON a.id = l.authorization_id
        LEFT JOIN (
            SELECT line_id, sum(quantity - withdrawn) AS units
            FROM returns_inspection GROUP BY line_id
        ) i ON i.line_id = l.id
        WHERE l.inspected <> coalesce(i.units, 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "returns_restocked",
        "A grade that put units on the shelf did so by one movement of stock of that size.",
        """
        SELECT a.number AS return, i.restocked, coalesce(m.units, 0) AS moved, m.count AS movements
        FROM returns_inspection i
        JOIN returns_returnline l ON l.id = i.line_id
        JOIN returns_returnauthorization a ON a.id = l.authorization_id
        LEFT JOIN (
            SELECT source_id, sum(on_hand_delta) AS units, count(*) AS count
            FROM inventory_movement WHERE kind = 'restock' GROUP BY source_id
        ) m ON m.source_id = i.id
        WHERE coalesce(m.units, 0) <> i.restocked OR coalesce(m.count, 0) > 1
        ORDER BY 1
        """,
    ),
    Invariant(
        "restocks_are_graded",
        "Every movement that restocks belongs to a grade.",
        """
        SELECT m.reference AS return, m.id AS entry, m.on_hand_delta AS units
        FROM inventory_movement m LEFT JOIN returns_inspection i ON i.id = m.source_id
        WHERE m.kind = 'restock' AND i.id IS NULL
        ORDER BY 1
        """,
    ),
    Invariant(
        "returns_refunded",
        "What a settled return gives back was granted for it, unless a gateway rejected it, and "
        "an open one has granted nothing.",
        """
        SELECT a.number AS return, a.status, a.refund_amount AS settled, l.amount AS lines,
               coalesce(r.amount, 0) AS granted
        FROM returns_returnauthorization a
        JOIN (
            SELECT authorization_id, sum(refund_amount) AS amount
            FROM returns_returnline GROUP BY authorization_id
        ) l ON l.authorization_id = a.id
        LEFT JOIN (
            SELECT reference, sum(amount) AS amount FROM orders_refund GROUP BY reference
        ) r ON r.reference = a.number
        WHERE a.refund_amount <> l.amount OR coalesce(r.amount, 0) < a.refund_amount
           OR (a.settled_at IS NULL AND coalesce(r.amount, 0) > 0)
        ORDER BY 1
        """,
    ),
)
