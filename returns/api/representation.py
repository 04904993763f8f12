"""How returns look to a machine: a page of them in four queries."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from oms.core.money import text
from orders.models import Refund
from returns.models import Inspection, ReturnAuthorization, ReturnLine


def represent_page(returns: Sequence[ReturnAuthorization]) -> list[dict[str, Any]]:
    """Return each return with its lines, their grades and the refunds granted for it."""
    lines: dict[int, list[ReturnLine]] = defaultdict(list)
    found = ReturnLine.objects.filter(authorization__in=returns).select_related("order_line")
    for line in found.order_by("id"):
        lines[line.authorization_id].append(line)
    grades: dict[int, list[Inspection]] = defaultdict(list)
    given = Inspection.objects.filter(line__authorization__in=returns).order_by("id")
    for grade in given:
        if grade.standing:
            grades[grade.line_id].append(grade)
    refunds: dict[str, list[str]] = defaultdict(list)
    granted = Refund.objects.filter(reference__in=[each.number for each in returns])
    for reference, number in granted.order_by("id").values_list("reference", "number"):
        refunds[reference].append(number)
    return [
        {
            "number": each.number,
            "order": each.order.number,
            "status": each.status,
            "resolution": each.resolution,
            "location": each.location.code,
            "refund_amount": text(each.refund_amount, each.order.currency),
            "currency": each.order.currency,
            "reason": each.decision_reason,
            "note": each.note,
            "requested_at": each.requested_at.isoformat(),
            "received_at": each.received_at.isoformat() if each.received_at else None,
            "settled_at": each.settled_at.isoformat() if each.settled_at else None,
            "version": each.version,
            "lines": [_line(line, grades[line.pk], each.order.currency) for line in lines[each.pk]],
            "refunds": refunds[each.number],
        }
        for each in returns
    ]


def _line(line: ReturnLine, grades: Sequence[Inspection], currency: str) -> dict[str, Any]:
    return {
        "sku": line.order_line.sku_code,
        "quantity": line.quantity,
        "received": line.received,
        "inspected": line.inspected,
        "reason": line.reason,
        "comment": line.comment,
        "refund_amount": text(line.refund_amount, currency),
        "grades": [
            {
                "quantity": grade.standing,
                "condition": grade.condition,
                "disposition": grade.disposition,
            }
            for grade in grades
        ],
    }
