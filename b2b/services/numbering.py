from oms.core import sql

SERIES = {"RFQ": "b2b_rfq_numbers", "Q": "b2b_q_numbers", "PO": "b2b_po_numbers"}


def next_number(prefix: str) -> str:
    """Return the next number of a kind of document: `PO-1001`. Gaps are possible."""
    [(number,)] = sql.run("SELECT nextval(%s)", [SERIES[prefix]])
    return f"{prefix}-{number}"
