"""The letters about returns: what each may say, and what that looks like."""

from django.utils.translation import gettext_lazy as _

from oms.messaging.letters import LetterKind, Variable
from oms.messaging.states import Audience, Medium

BOTH = (Medium.EMAIL, Medium.SMS)

OF_RETURN = {
    "number": Variable(words=_("The return's number"), sample="RMA-10007"),
    "order": Variable(words=_("The order's number, as the customer knows it"), sample="1001"),
    "shop": Variable(words=_("The shop it was bought in"), sample="Tea & Co"),
    "status_url": Variable(
        words=_("The customer's own link to the order"), sample="https://shop.example/s/sample"
    ),
    "lines": Variable(
        words=_("What comes back, a list"),
        sample=[{"quantity": 1, "name": "Teapot, 0.8 l"}],
        fields={"quantity": _("how many"), "name": _("what")},
    ),
}
REASON = Variable(words=_("What was written about the decision, if anything"), sample="")

REQUESTED = LetterKind(
    key="return.requested",
    path="returns.letters.return_requested",
    name=_("We have your return request"),
    when=("return.requested",),
    audience=Audience.CUSTOMER,
    media=BOTH,
    template="returns/letters/requested",
    variables=OF_RETURN,
    example="returns.letters.values_of",
    example_of=_("Return"),
)

APPROVED = LetterKind(
    key="return.approved",
    path="returns.letters.return_approved",
    name=_("A return may be sent"),
    when=("return.approved",),
    audience=Audience.CUSTOMER,
    media=BOTH,
    template="returns/letters/approved",
    example="returns.letters.values_of",
    example_of=_("Return"),
    variables={
        **OF_RETURN,
        "reason": REASON,
        "send_to": Variable(
            words=_("The lines of the address to send it to, a list"),
            sample=["Rotterdam", "Harbour Street 1", "3011 Rotterdam", "NL"],
            fields={},
        ),
    },
)

DECLINED = LetterKind(
    key="return.declined",
    path="returns.letters.return_declined",
    name=_("A return is declined"),
    when=("return.declined",),
    audience=Audience.CUSTOMER,
    media=BOTH,
    template="returns/letters/declined",
    example="returns.letters.values_of",
    example_of=_("Return"),
    variables={**OF_RETURN, "reason": REASON},
)

SETTLED = LetterKind(
    key="return.settled",
    path="returns.letters.return_settled",
    name=_("A return is done"),
    when=("return.settled",),
    audience=Audience.CUSTOMER,
    media=BOTH,
    template="returns/letters/settled",
    example="returns.letters.values_of",
    example_of=_("Return"),
    variables={
        **OF_RETURN,
        "lines": Variable(
            words=_("What came and is settled, a list"),
            sample=[{"quantity": 1, "name": "Teapot, 0.8 l", "amount": "€24.50"}],
            fields={
                "quantity": _("how many"),
                "name": _("what"),
                "amount": _("what goes back for it"),
            },
        ),
        "amount": Variable(words=_("What goes back in all; empty for nothing"), sample="€24.50"),
    },
)

TO_DECIDE = LetterKind(
    key="return.to_decide",
    path="returns.letters.return_to_decide",
    name=_("A return waits for a decision"),
    when=("return.requested",),
    audience=Audience.TEAM,
    template="returns/letters/to_decide",
    variables={
        "number": Variable(words=_("The return's number"), sample="RMA-10007"),
        "order": Variable(words=_("The order's number"), sample="SO-10042"),
        "customer": Variable(words=_("The customer's name"), sample="Robin Vale"),
        "lines": Variable(
            words=_("What is to come back, a list"),
            sample=[
                {
                    "quantity": 1,
                    "name": "Teapot, 0.8 l",
                    "reason": "It arrived damaged",
                    "comment": "The lid is chipped",
                }
            ],
            fields={
                "quantity": _("how many"),
                "name": _("what"),
                "reason": _("why"),
                "comment": _("what the customer wrote"),
            },
        ),
        "url": Variable(
            words=_("The page where it is decided"),
            sample="https://orders.example/returns/RMA-10007/",
        ),
    },
)

LETTERS = (REQUESTED, APPROVED, DECLINED, SETTLED, TO_DECIDE)
