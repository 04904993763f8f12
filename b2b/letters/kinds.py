"""The letters to companies and about them: what each may say, and what that looks like."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from oms.messaging.letters import LetterKind, Variable
from oms.messaging.states import Audience

LINE = {
    "quantity": _("how many"),
    "name": _("what"),
    "sku": _("its SKU"),
    "price": _("for one"),
    "amount": _("for all of them"),
    "expected_on": _("when it is expected, if we said so"),
}
LINES = [
    {
        "quantity": 24,
        "name": "Sencha, 100 g",
        "sku": "TEA-SEN-100",
        "price": "€7.20",
        "amount": "€172.80",
        "expected_on": "",
    }
]
OF_COMPANY: Mapping[str, Variable] = {
    "company": Variable(words=_("The company's name"), sample="Café Vermeer BV"),
    "number": Variable(words=_("The document's number"), sample="PO-1001"),
    "url": Variable(words=_("Where it can be looked at"), sample="https://shop.example/b2b/"),
}
GOODS = Variable(words=_("Its lines, a list"), sample=LINES, fields=LINE)
TOTAL = Variable(words=_("What it costs in all"), sample="€172.80")
REASON = Variable(words=_("The reason that was given"), sample="A better price for 48 boxes")
PO_NUMBER = Variable(words=_("The company's own number, if any"), sample="4500012345")


def _kind(
    name: str,
    title: object,
    audience: Audience,
    when: tuple[str, ...],
    variables: Mapping[str, Variable],
) -> LetterKind:
    return LetterKind(
        key=f"b2b.{name}",
        path=f"b2b.letters.{name}",
        name=str(title),
        audience=audience,
        template=f"b2b/letters/{name}",
        when=when,
        variables={**OF_COMPANY, **variables},
    )


QUOTE_REQUESTED = _kind(
    "quote_requested",
    "A company asks for a quote",
    Audience.TEAM,
    ("quote_request.submitted",),
    {"lines": GOODS, "note": Variable(words=_("What the company added"), sample="By Friday")},
)
REQUEST_DECLINED = _kind(
    "request_declined",
    "No offer for a request",
    Audience.COMPANY,
    ("quote_request.declined",),
    {"reason": REASON},
)
QUOTE_PRESENTED = _kind(
    "quote_presented",
    "A quote for the company",
    Audience.COMPANY,
    ("quote.presented",),
    {
        "lines": GOODS,
        "total": TOTAL,
        "version": Variable(words=_("Which version it is"), sample=1),
        "valid_until": Variable(words=_("The last day of the offer"), sample="31 December 2026"),
        "note": Variable(words=_("What the sales rep added"), sample="Free delivery"),
    },
)
QUOTE_TO_APPROVE = _kind(
    "quote_to_approve",
    "A discount waits for approval",
    Audience.TEAM,
    ("quote.approval_needed",),
    {
        "total": TOTAL,
        "discount": Variable(words=_("The largest discount, in percent"), sample="22.5"),
    },
)
REVISION_REQUESTED = _kind(
    "revision_requested",
    "A company wants another version of a quote",
    Audience.TEAM,
    ("quote.revision_requested",),
    {"reason": REASON},
)
QUOTE_ACCEPTED = _kind(
    "quote_accepted",
    "A quote was accepted",
    Audience.TEAM,
    ("quote.accepted",),
    {
        "total": TOTAL,
        "purchase_order": Variable(words=_("What it became"), sample="PO-1001"),
    },
)
PURCHASE_ORDER_TO_ACCEPT = _kind(
    "purchase_order_to_accept",
    "A purchase order waits for a decision",
    Audience.TEAM,
    ("purchase_order.submitted",),
    {
        "total": TOTAL,
        "po_number": PO_NUMBER,
        "issues": Variable(
            words=_("What is in question, a list"), sample=["The price differs"], fields={}
        ),
    },
)
PURCHASE_ORDER_TO_APPROVE = _kind(
    "purchase_order_to_approve",
    "A purchase order is over a limit",
    Audience.COMPANY,
    ("purchase_order.approval_needed",),
    {
        "lines": GOODS,
        "total": TOTAL,
        "limit": Variable(words=_("The limit it is over"), sample="€100.00"),
        "who": Variable(words=_("Who asks"), sample="sam"),
    },
)
PURCHASE_ORDER_CONFIRMED = _kind(
    "purchase_order_confirmed",
    "Confirmation of a purchase order",
    Audience.COMPANY,
    ("purchase_order.accepted",),
    {
        "lines": GOODS,
        "total": TOTAL,
        "po_number": PO_NUMBER,
        "order": Variable(words=_("Our order number"), sample="SO-10042"),
        "rejected": Variable(
            words=_("What we do not supply, a list"),
            sample=[{"quantity": 2, "name": "Matcha whisk", "reason": "No longer made"}],
            fields={"quantity": _("how many"), "name": _("what"), "reason": _("why")},
        ),
        "waiting": Variable(
            words=_("What waits for stock, a list"),
            sample=[{"quantity": 6, "name": "Teapot, 0.8 l"}],
            fields={"quantity": _("how many"), "name": _("what")},
        ),
        "requested_on": Variable(words=_("The day that was asked for"), sample="1 December 2026"),
    },
)
PURCHASE_ORDER_REJECTED = _kind(
    "purchase_order_rejected",
    "A purchase order is rejected",
    Audience.COMPANY,
    ("purchase_order.rejected",),
    {
        "reason": REASON,
        "po_number": PO_NUMBER,
        "approver": Variable(
            words=_("Who of the company turned it down; nobody when we did"), sample=""
        ),
    },
)
CREDIT_HOLD = _kind(
    "credit_hold",
    "An order is held for credit",
    Audience.TEAM,
    ("order.held",),
    {
        "total": TOTAL,
        "reason": REASON,
        "order": Variable(words=_("Our order number"), sample="SO-10042"),
    },
)
BUYER_INVITED = _kind(
    "buyer_invited",
    "Somebody may buy for a company",
    Audience.COMPANY,
    ("buyer.invited",),
    {
        "name": Variable(words=_("Who is invited"), sample="Bo Jansen"),
        "user": Variable(words=_("The sign-in name"), sample="bo@cafe.example"),
        "portal_url": Variable(
            words=_("Where the portal is"), sample="https://shop.example/b2b/portal/"
        ),
    },
)
INVOICE = _kind(
    "invoice",
    "Invoice",
    Audience.COMPANY,
    ("invoice.issued",),
    {
        "lines": GOODS,
        "total": TOTAL,
        "po_number": PO_NUMBER,
        "due_on": Variable(words=_("When it is due"), sample="20 December 2026"),
    },
)
CREDIT_NOTE = _kind(
    "credit_note",
    "Credit note",
    Audience.COMPANY,
    ("credit_note.issued",),
    {
        "total": Variable(words=_("What is credited"), sample="€12.00"),
        "invoice": Variable(words=_("The invoice it belongs to"), sample="INV-1001"),
        "reason": REASON,
    },
)

LETTERS = (
    QUOTE_REQUESTED,
    REQUEST_DECLINED,
    QUOTE_PRESENTED,
    QUOTE_TO_APPROVE,
    REVISION_REQUESTED,
    QUOTE_ACCEPTED,
    PURCHASE_ORDER_TO_ACCEPT,
    PURCHASE_ORDER_TO_APPROVE,
    PURCHASE_ORDER_CONFIRMED,
    PURCHASE_ORDER_REJECTED,
    CREDIT_HOLD,
    BUYER_INVITED,
    INVOICE,
    CREDIT_NOTE,
)
