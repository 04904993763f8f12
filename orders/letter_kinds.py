"""The letters about orders: what each may say, and what that looks like."""

from django.utils.translation import gettext_lazy as _

from oms.messaging.letters import LetterKind, Variable
from oms.messaging.states import Audience, Medium

BOTH = (Medium.EMAIL, Medium.SMS)
GOODS = {"units": _("how many"), "name": _("what")}
TWO = [{"units": 2, "name": "Sencha, 100 g"}, {"units": 1, "name": "Teapot, 0.8 l"}]

OF_ORDER = {
    "number": Variable(words=_("The order's number, as the customer knows it"), sample="1001"),
    "first_name": Variable(words=_("The customer's first name, if known"), sample="Robin"),
    "shop": Variable(words=_("The shop it was placed in"), sample="Tea & Co"),
    "status_url": Variable(
        words=_("The customer's own link to the order"), sample="https://shop.example/s/sample"
    ),
}
PACKING = Variable(words=_("What is still being packed, a list"), sample=[TWO[1]], fields=GOODS)
WAITING = Variable(
    words=_("What waits for stock, a list"),
    sample=[{"units": 1, "name": "Matcha whisk"}],
    fields=GOODS,
)

LATER = Variable(
    words=_("What is not out yet, a list"),
    sample=[{"units": 1, "name": "Winter tea 2026", "day": "Tue 1 Dec"}],
    fields={**GOODS, "day": _("the day on which it is sent")},
)

CONFIRMATION = LetterKind(
    key="order.confirmation",
    path="orders.letters.order_placed",
    name=_("Order confirmation"),
    when=("order.placed",),
    audience=Audience.CUSTOMER,
    media=BOTH,
    template="orders/letters/confirmation",
    example="orders.letters.confirmation_of",
    example_of=_("Order"),
    variables={
        **OF_ORDER,
        "lines": Variable(
            words=_("What was ordered, a list"),
            sample=[
                {"quantity": 2, "name": "Sencha, 100 g", "total": "€19.00"},
                {"quantity": 1, "name": "Teapot, 0.8 l", "total": "€24.50"},
            ],
            fields={"quantity": _("how many"), "name": _("what"), "total": _("its price")},
        ),
        "shipping": Variable(words=_("What shipping costs; empty when free"), sample="€4.95"),
        "shipping_tax": Variable(words=_("The tax on shipping, if any"), sample="€1.04"),
        "discount": Variable(words=_("The discount on the whole order, if any"), sample="€5.00"),
        "total": Variable(words=_("What it costs in all"), sample="€44.49"),
        "waiting": WAITING,
        "later": LATER,
    },
)

SHIPPED = LetterKind(
    key="order.shipped",
    path="orders.letters.order_shipped",
    name=_("A parcel is on its way"),
    when=("shipment.shipped",),
    audience=Audience.CUSTOMER,
    media=BOTH,
    template="orders/letters/shipped",
    example="orders.letters.shipment_of",
    example_of=_("Order"),
    variables={
        **OF_ORDER,
        "goods": Variable(words=_("What is in the parcel, a list"), sample=TWO[:1], fields=GOODS),
        "carrier": Variable(words=_("Who carries it, if known"), sample="PostNL"),
        "tracking_number": Variable(words=_("The carrier's number, if any"), sample="3SABC123"),
        "tracking_url": Variable(
            words=_("Where the parcel can be followed, if known"),
            sample="https://track.example/3SABC123",
        ),
        "packing": PACKING,
        "waiting": WAITING,
        "later": LATER,
    },
)

CANCELLED = LetterKind(
    key="order.cancelled",
    path="orders.letters.order_cancelled",
    name=_("Cancellation"),
    when=("order.cancelled",),
    audience=Audience.CUSTOMER,
    media=BOTH,
    template="orders/letters/cancelled",
    example="orders.letters.cancellation_of",
    example_of=_("Order"),
    variables={
        **OF_ORDER,
        "goods": Variable(words=_("What is no longer sent, a list"), sample=TWO, fields=GOODS),
        "whole": Variable(words=_("Whether the whole order is cancelled"), sample=False),
        "back": Variable(words=_("What goes back of the payment, if any"), sample="€43.50"),
        "paid": Variable(words=_("Whether anything was paid"), sample=True),
        "others": Variable(words=_("Whether something is still to come"), sample=True),
    },
)

CHANGED = LetterKind(
    key="order.changed",
    path="orders.letters.order_changed",
    name=_("Change of an order"),
    when=("order.changed",),
    audience=Audience.CUSTOMER,
    template="orders/letters/changed",
    variables={
        **OF_ORDER,
        "goods": Variable(words=_("What is ordered now, a list"), sample=TWO, fields=GOODS),
        "total": Variable(words=_("What it costs now"), sample="€43.50"),
        "redirected": Variable(words=_("Whether it goes to another address"), sample=True),
        "back": Variable(words=_("What goes back of the payment, if any"), sample="€9.50"),
        "to_pay": Variable(words=_("What is still to be paid, if anything"), sample=""),
    },
)

REFUNDED = LetterKind(
    key="order.refunded",
    path="orders.letters.refund_succeeded",
    name=_("Refund"),
    when=("refund.succeeded",),
    audience=Audience.CUSTOMER,
    media=BOTH,
    template="orders/letters/refunded",
    variables={
        **OF_ORDER,
        "amount": Variable(words=_("What went back"), sample="€9.50"),
        "method": Variable(
            words=_("How: card, paypal, bank, or another word of the channel"), sample="card"
        ),
    },
)

REFUND_FAILED = LetterKind(
    key="order.refund_failed",
    path="orders.letters.refund_failed",
    name=_("A refund failed"),
    when=("refund.failed",),
    audience=Audience.TEAM,
    template="orders/letters/refund_failed",
    variables={
        "order": Variable(words=_("The order's number"), sample="SO-10042"),
        "refund": Variable(words=_("The refund's number"), sample="RF-1007"),
        "amount": Variable(words=_("What did not go back"), sample="€9.50"),
        "reason": Variable(words=_("Why"), sample="The card is closed"),
        "url": Variable(
            words=_("The order's page"), sample="https://orders.example/orders/SO-10042/"
        ),
    },
)

LETTERS = (CONFIRMATION, SHIPPED, CHANGED, CANCELLED, REFUNDED, REFUND_FAILED)
