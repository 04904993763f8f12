"""What is true of companies' credit, purchase orders and invoices at every moment."""

from types import SimpleNamespace

from b2b.rules.progress import invoice_progress
from oms.core.books import Invariant
from oms.core.ledgers import STANDING


def status_follows(*, status: str, **amounts: object) -> bool:
    """Whether the stored status of an invoice is the one its amounts give."""
    said = SimpleNamespace(**amounts)
    return status == invoice_progress(amount=said.amount, paid=said.paid, credited=said.credited)


INVARIANTS = (
    Invariant(
        "credit_entries_only_grow",
        "The credit ledger is guarded against change and removal.",
        STANDING.format(table="b2b_creditentry"),
    ),
    Invariant(
        "credit_balances",
        "What a company's orders reserve, and what it owes, are the sums of its credit ledger.",
        """
        SELECT c.code AS company, a.reserved_amount AS reserved, a.invoiced_amount AS invoiced,
               coalesce(e.reserved, 0) AS sum_reserved, coalesce(e.invoiced, 0) AS sum_invoiced
        FROM b2b_creditaccount a JOIN b2b_company c ON c.id = a.company_id
        LEFT JOIN (
            SELECT account_id, sum(reserved_delta) AS reserved, sum(invoiced_delta) AS invoiced
            FROM b2b_creditentry GROUP BY account_id
        ) e ON e.account_id = a.id
        WHERE a.reserved_amount <> coalesce(e.reserved, 0)
           OR a.invoiced_amount <> coalesce(e.invoiced, 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "credit_owed_is_open",
        "What a company owes is what is open of its invoices.",
        """
        SELECT c.code AS company, a.invoiced_amount AS owed, coalesce(i.open, 0) AS open
        FROM b2b_creditaccount a JOIN b2b_company c ON c.id = a.company_id
        LEFT JOIN (
            SELECT company_id, sum(amount - paid_amount - credited_amount) AS open
            FROM b2b_invoice GROUP BY company_id
        ) i ON i.company_id = c.id
        WHERE a.invoiced_amount <> coalesce(i.open, 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "credit_reserved_for_open_orders",
        "No order reserves less than nothing, and none that is cancelled or held for credit "
        "reserves anything.",
        """
        SELECT o.number AS order, o.status, sum(e.reserved_delta) AS reserved
        FROM b2b_creditentry e JOIN orders_order o ON o.id = e.order_id
        GROUP BY o.id
        HAVING sum(e.reserved_delta) < 0
            OR (sum(e.reserved_delta) > 0 AND (o.status = 'cancelled' OR EXISTS (
                SELECT FROM orders_hold h
                WHERE h.order_id = o.id AND h.kind = 'credit' AND h.released_at IS NULL)))
        ORDER BY 1
        """,
    ),
    Invariant(
        "invoice_lines",
        "An invoice is the sum of its lines and of what belongs to none.",
        """
        SELECT i.number AS invoice, i.amount, i.other_amount AS other,
               coalesce(l.amount, 0) AS lines
        FROM b2b_invoice i
        LEFT JOIN (
            SELECT invoice_id, sum(amount) AS amount FROM b2b_invoiceline GROUP BY invoice_id
        ) l ON l.invoice_id = i.id
        WHERE i.amount <> i.other_amount + coalesce(l.amount, 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "invoiced_units",
        "No more units of an order line are invoiced than were shipped.",
        """
        SELECT o.number AS order, l.sku_code AS sku, l.shipped, sum(i.quantity) AS invoiced
        FROM b2b_invoiceline i
        JOIN orders_orderline l ON l.id = i.order_line_id
        JOIN orders_order o ON o.id = l.order_id
        GROUP BY o.id, l.id
        HAVING sum(i.quantity) > l.shipped
        ORDER BY 1
        """,
    ),
    Invariant(
        "invoice_settled",
        "What is paid of an invoice is its payments less what was given back, what is credited "
        "the sum of its credit notes.",
        """
        SELECT i.number AS invoice, i.paid_amount AS paid, i.credited_amount AS credited,
               coalesce(p.amount, 0) AS payments, coalesce(n.amount, 0) AS notes
        FROM b2b_invoice i
        LEFT JOIN (
            SELECT invoice_id, sum(amount) AS amount FROM b2b_invoicepayment GROUP BY invoice_id
        ) p ON p.invoice_id = i.id
        LEFT JOIN (
            SELECT invoice_id, sum(amount) AS amount,
                   coalesce(sum(amount) FILTER (WHERE refund_id IS NOT NULL), 0) AS back
            FROM b2b_creditnote GROUP BY invoice_id
        ) n ON n.invoice_id = i.id
        WHERE i.credited_amount <> coalesce(n.amount, 0)
           OR i.paid_amount <> coalesce(p.amount, 0) - coalesce(n.back, 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "invoice_statuses",
        "The status of an invoice follows from its amounts.",
        """
        SELECT number AS invoice, status, amount, paid_amount AS paid, credited_amount AS credited
        FROM b2b_invoice
        """,
        holds=lambda invoice, **row: status_follows(**row),
    ),
    Invariant(
        "documents_without_gaps",
        "Invoices and credit notes are numbered without gaps.",
        """
        SELECT series.prefix AS series, s.last, series.count
        FROM (
            SELECT 'INV' AS prefix, count(*) AS count FROM b2b_invoice
            UNION ALL SELECT 'CN', count(*) FROM b2b_creditnote
        ) series LEFT JOIN core_numberseries s ON s.prefix = series.prefix
        WHERE series.count <> coalesce(s.last - 1000, 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "purchase_orders_are_orders",
        "A purchase order that was accepted is supplied by one order of the same company, known "
        "by its number.",
        """
        SELECT p.number AS purchase_order, p.status, o.number AS order
        FROM b2b_purchaseorder p
        JOIN b2b_company c ON c.id = p.company_id
        LEFT JOIN orders_order o ON o.id = p.order_id
        WHERE (p.status IN ('accepted', 'in_fulfillment', 'part_delivered', 'delivered',
                            'invoiced', 'closed') AND o.id IS NULL)
           OR (o.id IS NOT NULL AND (o.external_id <> p.number OR o.customer_id <> c.customer_id))
        ORDER BY 1
        """,
    ),
)
