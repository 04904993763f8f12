"""The letters to suppliers, and to who buys from them: what each may say."""

from django.utils.translation import gettext_lazy as _

from oms.messaging.letters import LetterKind, Variable
from oms.messaging.states import Audience

OF_ORDER = {
    "number": Variable(words=_("Our order's number"), sample="RO-1004"),
    "shop": Variable(words=_("What we call ourselves"), sample="Tea & Co"),
    "url": Variable(
        words=_("The supplier's own page of the order, without sign-in"),
        sample="https://shop.example/supplier/sample",
    ),
}
LINE = {
    "units": _("how many"),
    "name": _("what"),
    "sku": _("its number at the supplier, or ours"),
}

ORDER = LetterKind(
    key="replenishment.order",
    path="inventory.letters.replenishment_order",
    name=_("Our order"),
    when=("replenishment.sent",),
    audience=Audience.SUPPLIER,
    template="inventory/letters/replenishment_order",
    example="inventory.letters.values_of",
    example_of=_("Replenishment order"),
    variables={
        **OF_ORDER,
        "place": Variable(words=_("Where it is to go"), sample="Rotterdam"),
        "wanted_on": Variable(words=_("By when we hope to have it, if known"), sample="12 Dec"),
        "lines": Variable(
            words=_("What is ordered, a list"),
            sample=[{"units": 48, "name": "Sencha, 100 g", "sku": "LEAF-17"}],
            fields=LINE,
        ),
        "note": Variable(words=_("What the buyer wrote, if anything"), sample=""),
    },
)

SHORTFALL = LetterKind(
    key="replenishment.shortfall",
    path="inventory.letters.replenishment_shortfall",
    name=_("When does the rest come?"),
    when=("replenishment.reminded",),
    audience=Audience.SUPPLIER,
    template="inventory/letters/replenishment_shortfall",
    example="inventory.letters.values_of",
    example_of=_("Replenishment order"),
    variables={
        **OF_ORDER,
        "missing": Variable(
            words=_("What has not come, a list"),
            sample=[{"units": 12, "name": "Sencha, 100 g", "sku": "LEAF-17", "now": 4}],
            fields={**LINE, "now": _("how many are needed at once, or 0")},
        ),
    },
)

CANCELLED = LetterKind(
    key="replenishment.cancelled",
    path="inventory.letters.replenishment_cancelled",
    name=_("Our order is cancelled"),
    when=("replenishment.cancelled",),
    audience=Audience.SUPPLIER,
    template="inventory/letters/replenishment_cancelled",
    example="inventory.letters.values_of",
    example_of=_("Replenishment order"),
    variables={
        **OF_ORDER,
        "reason": Variable(words=_("Why, if it was said"), sample="The season is over."),
    },
)

SHORTAGES = LetterKind(
    key="stock.shortages",
    path="inventory.letters.shortages_today",
    name=_("What is out while orders wait"),
    audience=Audience.TEAM,
    template="inventory/letters/shortages",
    variables={
        "units": Variable(words=_("How many units are waited for"), sample=9),
        "skus": Variable(words=_("How many SKUs are out"), sample=1),
        "shortages": Variable(
            words=_("The longest of them, a list"),
            sample=[
                {
                    "units": 9,
                    "name": "Matcha whisk",
                    "sku": "WHISK",
                    "since": "20 Nov",
                    "coming": 24,
                    "next_on": "2 Dec",
                    "supplied": True,
                }
            ],
            fields={
                "units": _("how many are waited for"),
                "name": _("what"),
                "sku": _("its number"),
                "since": _("since when"),
                "coming": _("how many are on their way, or 0"),
                "next_on": _("when the next come, if known"),
                "supplied": _("whether a supplier is known"),
            },
        ),
        "url": Variable(
            words=_("The page of all shortages"), sample="https://orders.example/supply/"
        ),
    },
)

LETTERS = (ORDER, SHORTFALL, CANCELLED, SHORTAGES)
