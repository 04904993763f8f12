"""What is true of work and shipments at every moment."""

from fulfillment.states import BEFORE_PICKED, FulfillmentOrderStatus
from oms.core.books import Invariant

S = FulfillmentOrderStatus


def _words(statuses: list[S]) -> str:
    return ", ".join(f"'{status}'" for status in statuses)


INVARIANTS = (
    Invariant(
        "work_adds_up",
        "The units of a fulfillment order are those of its lines.",
        """
        SELECT f.number, f.units, coalesce(sum(l.quantity), 0) AS of_lines
        FROM fulfillment_fulfillmentorder f
        LEFT JOIN fulfillment_fulfillmentorderline l ON l.fulfillment_order_id = f.id
        GROUP BY f.id HAVING f.units <> coalesce(sum(l.quantity), 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "work_follows_order",
        "What an order line has allocated, picked, packed and shipped is what its work has.",
        """
        SELECT o.number, l.sku_code, l.allocated, w.quantity, l.picked, w.picked AS work_picked,
               l.packed, w.packed AS work_packed, l.shipped, w.shipped AS work_shipped
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(x.quantity), 0) AS quantity, coalesce(sum(x.picked), 0) AS picked,
                   coalesce(sum(x.packed), 0) AS packed, coalesce(sum(x.shipped), 0) AS shipped
            FROM fulfillment_fulfillmentorderline x WHERE x.order_line_id = l.id
        ) w ON true
        WHERE (l.allocated, l.picked, l.packed, l.shipped)
           <> (w.quantity, w.picked, w.packed, w.shipped)
          AND NOT EXISTS (
              SELECT FROM core_eventrecord e  -- a past order that was brought in has no work
              WHERE e.thread = o.number AND e.name IN ('order.placed', 'order.completed')
                AND e.payload ? 'past'
          )
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "work_is_reserved",
        "Units that a line of work still has to ship are reserved for it, neither more nor fewer.",
        """
        SELECT f.number, s.code AS sku, x.quantity - x.shipped AS open, r.quantity AS reserved
        FROM fulfillment_fulfillmentorderline x
        JOIN fulfillment_fulfillmentorder f ON f.id = x.fulfillment_order_id
        JOIN catalog_sku s ON s.id = x.sku_id
        JOIN inventory_reservation r ON r.id = x.reservation_id
        WHERE r.quantity <> x.quantity - x.shipped
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "reserved_for_somebody",
        "Every reserved unit is reserved for work on an order, for a transfer or for a cart.",
        """
        SELECT r.reference, s.code AS sku, r.quantity
        FROM inventory_reservation r
        JOIN inventory_stocklevel v ON v.id = r.level_id
        JOIN catalog_sku s ON s.id = v.sku_id
        WHERE r.quantity > 0
          AND NOT EXISTS (
              SELECT 1 FROM fulfillment_fulfillmentorderline x WHERE x.reservation_id = r.id)
          AND NOT EXISTS (SELECT 1 FROM inventory_transferline t WHERE t.reservation_id = r.id)
          AND NOT EXISTS (SELECT 1 FROM inventory_cartline c WHERE c.reservation_id = r.id)
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "work_is_reserved_here",
        "Work is reserved at its own location, in its own SKU.",
        """
        SELECT f.number, s.code AS sku
        FROM fulfillment_fulfillmentorderline x
        JOIN fulfillment_fulfillmentorder f ON f.id = x.fulfillment_order_id
        JOIN catalog_sku s ON s.id = x.sku_id
        JOIN inventory_reservation r ON r.id = x.reservation_id
        JOIN inventory_stocklevel v ON v.id = r.level_id
        WHERE v.location_id <> f.location_id OR v.sku_id <> x.sku_id
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "packages_hold_what_is_packed",
        "The units packed of a line are those in packages.",
        """
        SELECT f.number, s.code AS sku, x.packed, coalesce(sum(i.quantity), 0) AS in_packages
        FROM fulfillment_fulfillmentorderline x
        JOIN fulfillment_fulfillmentorder f ON f.id = x.fulfillment_order_id
        JOIN catalog_sku s ON s.id = x.sku_id
        LEFT JOIN fulfillment_packageline i ON i.line_id = x.id
        GROUP BY f.number, s.code, x.id HAVING x.packed <> coalesce(sum(i.quantity), 0)
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "shipments_carry_what_left",
        "The units shipped of a line are those in packages that left.",
        """
        SELECT f.number, s.code AS sku, x.shipped, coalesce(sum(i.quantity), 0) AS left_in_packages
        FROM fulfillment_fulfillmentorderline x
        JOIN fulfillment_fulfillmentorder f ON f.id = x.fulfillment_order_id
        JOIN catalog_sku s ON s.id = x.sku_id
        LEFT JOIN (fulfillment_packageline i
            JOIN fulfillment_package p ON p.id = i.package_id AND p.shipment_id IS NOT NULL)
            ON i.line_id = x.id
        GROUP BY f.number, s.code, x.id HAVING x.shipped <> coalesce(sum(i.quantity), 0)
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "shipped_units_left_the_stock",
        "Every shipped line has ledger entries of its size together, at its location.",
        """
        SELECT f.number, s.code AS sku, x.shipped, -m.on_hand AS left_the_stock
        FROM fulfillment_fulfillmentorderline x
        JOIN fulfillment_fulfillmentorder f ON f.id = x.fulfillment_order_id
        JOIN catalog_sku s ON s.id = x.sku_id
        LEFT JOIN (
            SELECT source_id, min(level_id) AS level_id, max(level_id) AS last,
                   sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved
            FROM inventory_movement WHERE kind = 'ship' GROUP BY source_id
        ) m ON m.source_id = x.id
        LEFT JOIN inventory_stocklevel v ON v.id = m.level_id
        WHERE (x.shipped > 0 OR m.source_id IS NOT NULL)
          AND (m.source_id IS NULL OR m.on_hand <> -x.shipped OR m.reserved <> -x.shipped
               OR m.last <> m.level_id
               OR v.location_id <> f.location_id OR v.sku_id <> x.sku_id)
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "status_of_work",
        "The status of work says how far its units are.",
        f"""
        SELECT f.number, f.status, f.units, coalesce(sum(l.picked), 0) AS picked,
               coalesce(sum(l.packed), 0) AS packed, coalesce(sum(l.shipped), 0) AS shipped
        FROM fulfillment_fulfillmentorder f
        LEFT JOIN fulfillment_fulfillmentorderline l ON l.fulfillment_order_id = f.id
        GROUP BY f.id
        HAVING NOT CASE
            WHEN f.status IN ({_words(BEFORE_PICKED)}) THEN coalesce(sum(l.picked), 0) = 0
            WHEN f.status = '{S.PICKING}' THEN coalesce(sum(l.packed), 0) = 0
            WHEN f.status = '{S.PICKED}' THEN
                coalesce(sum(l.picked), 0) = f.units AND coalesce(sum(l.shipped), 0) = 0
            WHEN f.status = '{S.PACKED}' THEN
                coalesce(sum(l.packed), 0) = f.units AND coalesce(sum(l.shipped), 0) = 0
            WHEN f.status IN ({_words([S.SHIPPED, S.DELIVERED])}) THEN
                coalesce(sum(l.shipped), 0) = f.units AND f.units > 0
            ELSE f.units = 0 END
        ORDER BY 1
        """,  # noqa: S608 (our own words)
    ),
    Invariant(
        "delivered_units",
        "The units delivered of an order line are at least those of its delivered shipments.",
        """
        SELECT o.number, l.sku_code, l.delivered, d.units AS in_delivered_shipments
        FROM (
            SELECT x.order_line_id, sum(i.quantity) AS units
            FROM fulfillment_packageline i
            JOIN fulfillment_package p ON p.id = i.package_id
            JOIN fulfillment_shipment h ON h.id = p.shipment_id AND h.status = 'delivered'
            JOIN fulfillment_fulfillmentorderline x ON x.id = i.line_id
            GROUP BY x.order_line_id
        ) d
        JOIN orders_orderline l ON l.id = d.order_line_id
        JOIN orders_order o ON o.id = l.order_id
        WHERE l.delivered < d.units
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "work_is_on_something",
        "Every line of a fulfillment order is of a SKU and a reservation; every decision of an "
        "order.",
        """
        SELECT f.number AS work, l.id AS line, l.sku_id AS sku, l.reservation_id AS reservation
        FROM fulfillment_fulfillmentorderline l
        JOIN fulfillment_fulfillmentorder f ON f.id = l.fulfillment_order_id
        LEFT JOIN catalog_sku s ON s.id = l.sku_id
        LEFT JOIN inventory_reservation r ON r.id = l.reservation_id
        WHERE s.id IS NULL OR r.id IS NULL
        UNION ALL
        SELECT '-', d.id, NULL, NULL FROM fulfillment_sourcingdecision d
        LEFT JOIN orders_order o ON o.id = d.order_id WHERE o.id IS NULL
        ORDER BY 1
        """,
    ),
    Invariant(
        "packed_lots_fit",
        "No more units of lots or serial numbers are in a package than units.",
        """
        SELECT f.number, p.nth, s.code AS sku, i.quantity, sum(t.quantity) AS of_lots
        FROM fulfillment_packedlot t
        JOIN fulfillment_packageline i ON i.id = t.package_line_id
        JOIN fulfillment_package p ON p.id = i.package_id
        JOIN fulfillment_fulfillmentorder f ON f.id = p.fulfillment_order_id
        JOIN catalog_sku s ON s.id = t.sku_id
        GROUP BY f.number, p.nth, s.code, i.id HAVING sum(t.quantity) > i.quantity
        ORDER BY 1, 2, 3
        """,
    ),
    Invariant(
        "waves_hold_what_is_walked",
        "A wave holds its orders and their totes while it is walked, and none when it is over.",
        """
        SELECT w.number, w.status, p.nth, p.is_live, l.is_live AS line_is_live
        FROM fulfillment_waveorder p
        JOIN fulfillment_wave w ON w.id = p.wave_id
        LEFT JOIN fulfillment_waveline l ON l.place_id = p.id
        WHERE p.is_live <> (w.status IN ('open', 'picking')) OR l.is_live <> p.is_live
           OR p.location_id <> w.location_id
        ORDER BY 1, 3
        """,
    ),
    Invariant(
        "papers_are_counted",
        "What is behind a print run are the documents of its parts that are made.",
        """
        SELECT r.number, r.done, r.total, sum(jsonb_array_length(p.documents)) AS of_parts
        FROM fulfillment_printrun r JOIN fulfillment_printpart p ON p.run_id = r.id
        GROUP BY r.id
        HAVING r.total <> sum(jsonb_array_length(p.documents)) OR r.done <> coalesce(
            sum(jsonb_array_length(p.documents)) FILTER (WHERE p.made_at IS NOT NULL), 0)
        ORDER BY 1
        """,
    ),
)
