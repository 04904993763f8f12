"""Companies, and what their sales reps, buyers and our finance people do, in words."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from b2b import services
from b2b.models import Company, CreditAccount, Invoice, PriceList, PurchaseOrder
from b2b.services import LineWish, PlaceOf
from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentOrder
from oms.core.actors import Actor
from oms.customers.addresses import Address
from orders.models import Hold, Order

REP = Actor("user", "rita")
BUYER = Actor("user", "bo")
BOSS = Actor("user", "ada")
FINANCE = Actor("user", "fin")
CAFE = Address("Café Vermeer", "Oude Delft 12", "Delft", "NL", postal_code="2611")
BAR = Address("Bar Rembrandt", "Nieuwe Rijn 3", "Leiden", "NL", postal_code="2312")


class Office:
    """Prices are EUR 10.00 unless said; every SKU is made on first mention."""

    def __init__(self, world):
        self.world = world

    def company(self, code="vermeer", **fields):
        found = Company.objects.filter(code=code).first()
        if found is None:
            named = {"name": "Café Vermeer BV", "email": f"{code}@cafe.example"} | fields
            services.create_company(
                code=code,
                addresses=[PlaceOf("ship", "Café", CAFE)],
                by=REP,
                at=timezone.now(),
                **named,
            )
        return Company.objects.select_related("price_list", "credit").get(code=code)

    def buyer(self, name="bo", company="vermeer", role="buyer", limit=None):
        self.company(company)
        self.world.user(name)
        return services.add_buyer(
            company=company,
            user=name,
            role=role,
            spending_limit=None if limit is None else Decimal(limit),
            by=REP,
            at=timezone.now(),
        )

    def stock(self, sku, **on_hand):
        self.wishes(**{sku: 1})
        self.world.stock(sku, **on_hand)

    def price_list(self, code="wholesale", currency="EUR"):
        services.save_price_list(
            code=code, name=code.capitalize(), currency=currency, by=REP, at=timezone.now()
        )
        return PriceList.objects.get(code=code)

    def price(self, sku, price, **named):
        self.world.sku(sku, price=Decimal("10.00"), currency="EUR")
        self.price_list(named.pop("price_list", "wholesale"))
        return services.set_price(
            price_list="wholesale",
            sku=sku,
            unit_price=Decimal(price),
            by=REP,
            at=timezone.now(),
            **named,
        )

    def wishes(self, **units):
        for sku in units:
            self.world.sku(sku, price=Decimal("10.00"), currency="EUR")
        return [LineWish(sku, count) for sku, count in units.items()]

    def draft(self, company="vermeer", source="api", by=BUYER, lines=None, fields=None, **units):
        self.company(company)
        return services.save_purchase_order(
            company=company,
            lines=lines or self.wishes(**units),
            source=source,
            by=by,
            at=timezone.now(),
            **(fields or {}),
        )

    def submit(self, document, by=BUYER):
        return services.submit_purchase_order(number=document.number, by=by, at=timezone.now())

    def buy(self, company="vermeer", **units):
        """A purchase order that was submitted, and accepted when nothing stands against it."""
        return self.submit(self.draft(company, **units))

    def quote(self, company="vermeer", price=None, **units):
        """A quote that was presented to the company."""
        self.company(company)
        wishes = self.wishes(**units)
        if price is not None:
            wishes = [LineWish(each.sku, each.quantity, Decimal(price)) for each in wishes]
        quote = services.draft_quote(company=company, lines=wishes, by=REP, at=timezone.now())
        return services.present_quote(number=quote.number, by=REP, at=timezone.now())

    def ship(self, order, **units):
        """Send what lies ready of an order: all of it, or these units of one fulfillment order."""
        for work in FulfillmentOrder.objects.filter(order=order).order_by("id"):
            if work.status == "shipped":
                continue
            fulfillment.dispatch(
                number=work.number,
                carrier="post",
                tracking_number=f"T-{work.number}",
                by=REP,
                at=timezone.now(),
            )
        self.follow(order)
        return Order.objects.get(pk=order.pk)

    def follow(self, order):
        services.follow_order(order=order.number, by=REP, at=timezone.now())

    def pay(self, invoice, amount=None, reference="bank-1"):
        fresh = Invoice.objects.get(pk=invoice.pk)
        return services.record_payment(
            invoice=invoice.number,
            amount=fresh.open_amount if amount is None else Decimal(amount),
            reference=reference,
            by=FINANCE,
            at=timezone.now(),
        )

    def limit(self, amount, company="vermeer", blocked=False):
        self.company(company)
        return services.set_credit_limit(
            company=company,
            limit=None if amount is None else Decimal(amount),
            is_blocked=blocked,
            reason="review",
            by=FINANCE,
            at=timezone.now(),
        )

    def balances(self, company="vermeer"):
        """What is reserved and what is invoiced."""
        account = CreditAccount.objects.get(company__code=company)
        return account.reserved_amount, account.invoiced_amount

    def invoices(self, order):
        return list(Invoice.objects.filter(order=order).order_by("id"))

    def holds(self, order):
        standing = Hold.objects.filter(order=order, released_at__isnull=True)
        return sorted(standing.values_list("kind", flat=True))

    def fresh(self, document):
        return PurchaseOrder.objects.select_related("order", "company").get(pk=document.pk)


@pytest.fixture
def office(world):
    return Office(world)


@pytest.fixture
def tomorrow():
    return timezone.now().date() + timedelta(days=1)
