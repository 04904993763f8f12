"""A small shop in words: what a test needs, named as a person would."""

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from fulfillment.models import FulfillmentOrder
from inventory import services as inventory
from inventory.models import (
    Location,
    LocationAssignment,
    ReplenishmentOrder,
    StockLevel,
    Supplier,
    SupplierSku,
)
from inventory.selectors import forget_serving_locations
from oms.catalog.models import Sku
from oms.catalog.services import set_kit
from oms.channels.models import Channel
from oms.channels.principals import ChannelPrincipal
from oms.channels.services import create_api_key, create_channel
from oms.channels.services.keys import _key
from oms.channels.states import Scope
from oms.core.actors import SYSTEM
from oms.core.models import User
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders import services as orders
from orders.adapters.native.documents import read_order
from orders.models import Order, Subscription
from orders.rules.contracts import NewSubscription, WantedLine
from orders.rules.pricing import price as cost_of
from returns.models import ReturnAuthorization

PLACES = {
    "rotterdam": ("NL", "3011", "Rotterdam", 51.92, 4.48, "Europe/Amsterdam"),
    "leipzig": ("DE", "04109", "Leipzig", 51.34, 12.37, "Europe/Berlin"),
    "ghent": ("BE", "9000", "Ghent", 51.05, 3.72, "Europe/Brussels"),
    "newark": ("US", "07102", "Newark", 40.73, -74.17, "America/New_York"),
}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class World:
    """Everything is made on first mention; amounts are EUR, prices 10.00 unless said."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def sku(self, code: str, **fields: Any) -> Sku:
        fields = {"name": code.capitalize(), "barcode": f"bc-{code}", "weight_g": 100, **fields}
        return Sku.objects.get_or_create(code=code, defaults=fields)[0]

    def kit(self, sku: str, price: str | None = None, **components: int) -> Sku:
        """A kit: `world.kit("gift", tea=2, cup=1)`."""
        for code in components:
            self.sku(code)
        made = self.sku(sku, **({"price": Decimal(price), "currency": "EUR"} if price else {}))
        set_kit(sku=sku, components=components, by=SYSTEM, at=timezone.now())
        made.refresh_from_db()
        return made

    def location(self, code: str, **fields: Any) -> Location:
        country, postal, city, latitude, longitude, zone = PLACES.get(
            code, ("NL", "1012", code.capitalize(), 52.37, 4.9, "Europe/Amsterdam")
        )
        defaults = {
            "name": code.capitalize(),
            "country": country,
            "postal_code": postal,
            "city": city,
            "latitude": latitude,
            "longitude": longitude,
            "time_zone": zone,
            **fields,
        }
        location, made = Location.objects.get_or_create(code=code, defaults=defaults)
        if made:
            forget_serving_locations()
        return location

    def stock(self, sku: str, **on_hand: int) -> None:
        """Receive units: `world.stock("tea", rotterdam=3, leipzig=10)`."""
        unit = self.sku(sku)
        arrivals = [
            inventory.Arrival(unit, self.location(code), units)
            for code, units in on_hand.items()
            if units
        ]
        for code, units in on_hand.items():
            if not units:
                StockLevel.objects.get_or_create(sku=unit, location=self.location(code))
        inventory.receive(arrivals=arrivals, reference="opening", by=SYSTEM, at=timezone.now())

    def available(self, sku: str) -> dict[str, int]:
        levels = StockLevel.objects.filter(sku__code=sku).select_related("location")
        return {level.location.code: level.available for level in levels.order_by("location__code")}

    def on_hand(self, sku: str) -> dict[str, int]:
        levels = StockLevel.objects.filter(sku__code=sku).select_related("location")
        return {level.location.code: level.on_hand for level in levels.order_by("location__code")}

    def channel(self, slug: str = "shop", **fields: Any) -> Channel:
        channel = Channel.objects.filter(slug=slug).first()
        if channel is None:
            create_channel(slug=slug, name=slug.capitalize())
            if fields:
                Channel.objects.filter(slug=slug).update(**fields)
            channel = Channel.objects.get(slug=slug)
        return channel

    def principal(self, slug: str = "shop") -> ChannelPrincipal:
        channel = self.channel(slug)
        return ChannelPrincipal(
            channel.pk, channel.slug, channel.stock_policy, channel.payment_gateway
        )

    def api(
        self, slug: str = "shop", scopes: Iterable[str] = Scope.values, user: User | None = None
    ) -> APIClient:
        """A client with a key of the channel, or of `user`, with these scopes."""
        if user is not None:
            key = create_api_key(user=user, scopes=scopes)
        else:
            key = _key(channel=self.channel(slug), user=None, scopes=scopes)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        return client

    def order_body(self, external_id: str, **units: Any) -> dict[str, Any]:
        """The JSON of an order: SKUs are keywords, other fields override (`fields={…}`)."""
        fields = units.pop("fields", {})
        paid = units.pop("paid", False)
        price = units.pop("price", "10.00")
        body: dict[str, Any] = {
            "external_id": external_id,
            "placed_at": "2026-11-20T12:00:00+00:00",
            "currency": "EUR",
            "customer": {
                "external_id": f"c-{external_id}",
                "name": "Robin Vale",
                "email": "robin@example.com",
            },
            "shipping_address": {
                "name": "Robin Vale",
                "line1": "Molenstraat 27",
                "city": "Antwerp",
                "postal_code": "2000",
                "country": "BE",
            },
            "lines": [
                {"sku": code, "quantity": count, "unit_price": price}
                for code, count in units.items()
            ],
            **fields,
        }
        for code in units:
            self.sku(code)
        if paid:
            total = cost_of(read_order(body)).total
            body["payments"] = [
                {"method": "card", "status": "captured", "amount": str(total), "reference": "ch_1"}
            ]
        return body

    def place(self, external_id: str | None = None, channel: str = "shop", **units: Any) -> Order:
        """An order placed through the real service: routed, reserved, written."""
        body = self.order_body(external_id or f"web-{next(self._numbers)}", **units)
        placed = orders.place_order(
            wanted=read_order(body), channel=self.principal(channel), by=SYSTEM, at=timezone.now()
        )
        return Order.objects.get(pk=placed.order.pk)

    def user(self, name: str, role: str | None = None, at: Iterable[str] = ()) -> User:
        user = User.objects.create_user(
            name, email=f"{name}@oms.example", password="correct horse battery"
        )
        if role:
            user.groups.add(Group.objects.get(name=role))
            user.is_staff = role in {"administrator", "operations"}
            user.save()
        for code in at:
            LocationAssignment.objects.create(user=user, location=self.location(code))
        return user

    def browser(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def works(self, order: Order) -> list[FulfillmentOrder]:
        return list(FulfillmentOrder.objects.filter(order=order).order_by("id"))

    def returns(self, order_number: str) -> list[str]:
        """The numbers of an order's returns."""
        found = ReturnAuthorization.objects.filter(order__number=order_number).order_by("id")
        return list(found.values_list("number", flat=True))

    def subscription(
        self,
        *,
        channel: str = "shop",
        starts_on: date | None = None,
        at: datetime | None = None,
        every: int = 1,
        unit: str = "month",
        price: str | None = "10.00",
        fields: dict[str, Any] | None = None,
        **units: int,
    ) -> Subscription:
        """A subscription begun through the real service; the keyword SKUs come each time."""
        for code in units:
            self.sku(code)
        now = at or (datetime.combine(starts_on, time(), UTC) if starts_on else timezone.now())
        wanted = NewSubscription(
            customer=CustomerDetails(name="Robin Vale", email="robin@example.com"),
            ship_to=Address(
                name="Robin Vale",
                line1="Molenstraat 27",
                city="Antwerp",
                postal_code="2000",
                country="BE",
            ),
            lines=tuple(
                WantedLine(code, count, Decimal(price) if price else None)
                for code, count in units.items()
            ),
            currency="EUR",
            every=every,
            unit=unit,
            starts_on=starts_on or now.date(),
            **(fields or {}),
        )
        return orders.subscribe(wanted=wanted, channel=self.principal(channel), by=SYSTEM, at=now)

    def supplier(self, code: str = "leaf", **supplies: dict[str, Any] | None) -> Supplier:
        """A supplier and what it supplies: `world.supplier("leaf", tea={"pack_size": 6})`."""
        if not Supplier.objects.filter(code=code).exists():
            fields = {"name": code.capitalize(), "email": f"{code}@supplier.example"}
            inventory.save_supplier(
                code=code, fields={**fields, "currency": "EUR"}, by=SYSTEM, at=timezone.now()
            )
        for sku, fields in supplies.items():
            self.sku(sku)
            inventory.save_supply(
                supplier=code, sku=sku, by=SYSTEM, at=timezone.now(), **(fields or {})
            )
        return Supplier.objects.get(code=code)

    def reorder(self, sku: str, point: int, up_to: int = 0, at: str = "rotterdam") -> None:
        """Order more of a SKU when `point` units or fewer are left."""
        self.sku(sku)
        self.location(at)
        inventory.set_reorder_rules(
            location=at,
            sku=sku,
            reorder_point=point,
            reorder_up_to=up_to,
            safety_stock=0,
            by=SYSTEM,
            at=timezone.now(),
        )

    def ordered_from_supplier(
        self, at: str = "rotterdam", supplier: str = "leaf", **units: int
    ) -> ReplenishmentOrder:
        """An order a supplier was sent: `world.ordered_from_supplier(tea=10)`."""
        known = SupplierSku.objects.filter(supplier__code=supplier, sku__code__in=units)
        missing = units.keys() - set(known.values_list("sku__code", flat=True))
        self.supplier(supplier, **dict.fromkeys(missing))
        now = timezone.now()
        draft = ReplenishmentOrder.objects.create(
            number=f"RO-T{next(self._numbers)}",
            supplier=Supplier.objects.get(code=supplier),
            location=self.location(at),
            currency="EUR",
            proposed_at=now,
        )
        inventory.edit_replenishment(number=draft.number, quantities=units, by=SYSTEM, at=now)
        inventory.approve_replenishment(number=draft.number, by=SYSTEM, at=now)
        inventory.send_replenishment(number=draft.number, by=SYSTEM, at=now)
        return ReplenishmentOrder.objects.get(pk=draft.pk)
