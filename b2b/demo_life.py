"""Business customers order again and again."""

from b2b import services
from b2b.demo import PRICES
from b2b.models import Company
from b2b.services import LineWish
from b2b.states import Source
from oms.core.actors import Actor
from oms.core.demo_life import Life

SHARE = 0.04


def order(life: Life) -> None:
    """Have a rep write down what a company asks for."""
    if not life.times(SHARE):
        return
    codes = ("harbour", "linden", "museum", "vermeer")
    company = Company.objects.filter(code=life.dice.choice(codes), is_active=True).first()
    if company is None:
        return
    by = Actor("user", company.sales_rep.username if company.sales_rep else "sofia")
    wares = life.dice.sample(sorted({sku for sku, *_ in PRICES} - {"GIFT-MATCHA"}), k=2)
    document = services.save_purchase_order(
        company=company.code,
        po_number=f"{life.now:%d%H%M%S}",
        lines=[LineWish(sku, life.dice.choice((6, 12, 24))) for sku in wares],
        source=Source.REP,
        by=by,
        at=life.now,
    )
    services.submit_purchase_order(number=document.number, by=by, at=life.now)
