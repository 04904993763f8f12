"""One return with all its rows, as the staff screen shows it."""

from dataclasses import dataclass
from decimal import Decimal

from oms.core.models import EventRecord
from oms.core.money import ZERO
from orders.models import Payment, Refund
from orders.states import PaymentStatus, RefundStatus
from returns.models import Inspection, ReturnAuthorization, ReturnLine
from returns.selectors.returning import Settlement, settlement


@dataclass(frozen=True)
class LineRow:
    """A line of a return and the grades that hold for its units."""

    line: ReturnLine
    grades: list[Inspection]


@dataclass(frozen=True)
class ReturnPage:
    """A return, its lines with their grades, its story, and the money it moves."""

    document: ReturnAuthorization
    rows: list[LineRow]
    facts: list[EventRecord]
    refunds: list[Refund]
    payments: list[Payment]
    proposal: Settlement

    @property
    def units(self) -> int:
        return sum(row.line.quantity for row in self.rows)

    @property
    def received(self) -> int:
        return sum(row.line.received for row in self.rows)

    @property
    def missing(self) -> int:
        return sum(row.line.missing for row in self.rows)

    @property
    def ungraded(self) -> int:
        return sum(row.line.ungraded for row in self.rows)

    @property
    def refunded(self) -> Decimal:
        done = [each for each in self.refunds if each.status == RefundStatus.SUCCEEDED]
        return sum((each.amount for each in done), ZERO)

    @property
    def stuck(self) -> list[Refund]:
        """Refunds that a person has to look after: in doubt, or rejected and not granted again."""
        instead = {each.reason for each in self.refunds}
        return [
            each
            for each in self.refunds
            if each.status == RefundStatus.IN_DOUBT
            or (each.status == RefundStatus.REJECTED and f"Instead of {each.number}" not in instead)
        ]


def return_page(document: ReturnAuthorization) -> ReturnPage:
    """Return everything the screen of a return shows. Seven queries."""
    lines = list(
        ReturnLine.objects.filter(authorization=document)
        .select_related("order_line__sku")
        .order_by("id")
    )
    grades: dict[int, list[Inspection]] = {line.pk: [] for line in lines}
    for each in Inspection.objects.filter(line__in=lines).order_by("id"):
        if each.standing:
            grades[each.line_id].append(each)
    facts = EventRecord.objects.filter(thread=document.order.number)
    refunds = Refund.objects.filter(reference=document.number).select_related("payment")
    refund_list = list(refunds.order_by("id"))
    about = {document.number, *(refund.number for refund in refund_list)}
    return ReturnPage(
        document=document,
        rows=[LineRow(line, grades[line.pk]) for line in lines],
        facts=[fact for fact in facts.order_by("-id") if fact.subject in about],
        refunds=refund_list,
        payments=list(Payment.objects.filter(order=document.order, status=PaymentStatus.CAPTURED)),
        proposal=settlement(document, order=document.order, lines=lines),
    )
