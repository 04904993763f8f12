"""Cart reservations: a channel keeps units while its customer pays."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from inventory import selectors, services
from inventory.errors import CartNotFound
from inventory.models import CartReservation
from inventory.selectors import KeptCart
from inventory.states import CartStatus
from oms.channels.api.authentication import caller
from oms.channels.api.idempotency import KEY, answer_once
from oms.channels.errors import ChannelKeyNeeded
from oms.channels.principals import ChannelPrincipal
from oms.channels.states import Scope
from oms.core.api.fields import CountryField, QuantityField, StrictSerializer, TextField, read

MOST_LINES = 100
CART_KEY = r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,99}"


class CartLineIn(StrictSerializer):
    sku = TextField(max_length=64)
    quantity = QuantityField()


class CartPlaceIn(StrictSerializer):
    """Where the units will go: they are kept near by."""

    country = CountryField()
    postal_code = TextField(max_length=20, required=False, allow_blank=True, default="")


class CartChangeIn(StrictSerializer):
    """What is to be kept from now on, whole. With `minutes` its time begins anew."""

    lines = CartLineIn(many=True, min_length=1, max_length=MOST_LINES)
    location = TextField(max_length=16, required=False, allow_blank=True, default="")
    ship_to = CartPlaceIn(required=False, allow_null=True, default=None)
    minutes = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=24 * 60
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["location"] and attrs["ship_to"]:
            raise serializers.ValidationError(
                {"ship_to": ["Name a location or where it goes, not both."]}, code="invalid"
            )
        return attrs


class CartIn(CartChangeIn):
    """Units to be kept for the cart that the channel calls `key`."""

    key = serializers.RegexField(rf"^{CART_KEY}\Z", max_length=100)


class KeptOut(serializers.Serializer[Any]):
    location = serializers.CharField()
    quantity = serializers.IntegerField()


class CartLineOut(serializers.Serializer[Any]):
    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    locations = KeptOut(many=True)


class CartOut(serializers.Serializer[Any]):
    """A cart reservation; `order` is the order that took its units over, or null."""

    key = serializers.CharField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=CartStatus.choices)
    expires_at = serializers.DateTimeField()
    order = serializers.CharField(allow_null=True)
    lines = CartLineOut(many=True)


_new, _change = CartIn(), CartChangeIn()


class CartViewSet(GenericViewSet[CartReservation]):
    """What a channel keeps for its carts; those of others are not there for it."""

    scope = Scope.ORDERS
    queryset = CartReservation.objects.none()
    serializer_class = CartOut
    lookup_field = "key"
    lookup_value_regex = CART_KEY

    def get_queryset(self) -> QuerySet[CartReservation]:
        if getattr(self, "swagger_fake_view", False):
            return CartReservation.objects.none()
        return selectors.carts_of(self._channel().pk)

    @extend_schema(operation_id="cart_reservations_list")
    def list(self, request: Request) -> Response:
        """The channel's cart reservations, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(
            [_shown(each) for each in selectors.with_units(page or [])]
        )

    @extend_schema(operation_id="cart_reservations_retrieve")
    def retrieve(self, request: Request, key: str) -> Response:
        """One cart reservation: what is kept, and until when."""
        found = self.get_queryset().filter(key=key).first()
        if found is None:
            raise CartNotFound(key=key)
        return Response(_shown(selectors.with_units([found])[0]))

    @extend_schema(
        operation_id="cart_reservations_create",
        request=CartIn,
        responses={200: CartOut, 201: CartOut},
        parameters=[KEY],
    )
    def create(self, request: Request) -> HttpResponse:
        """Keep units for a cart: all of them, or none. The same cart again is answered as it is."""
        channel, said = self._channel(), read(_new, request.data)

        def work() -> tuple[int, dict[str, Any]]:
            kept, is_new = services.reserve_cart(
                channel_id=channel.pk,
                key=said["key"],
                wish=_wish(said),
                by=caller(request).actor,
                at=timezone.now(),
            )
            return 201 if is_new else 200, _shown(kept)

        return answer_once(request, work)

    @extend_schema(operation_id="cart_reservations_update", request=CartChangeIn, responses=CartOut)
    def update(self, request: Request, key: str) -> Response:
        """Keep exactly this for the cart from now on, or leave it as it was."""
        kept = services.change_cart(
            channel_id=self._channel().pk,
            key=key,
            wish=_wish(read(_change, request.data)),
            by=caller(request).actor,
            at=timezone.now(),
        )
        return Response(_shown(kept))

    @extend_schema(operation_id="cart_reservations_destroy", responses={204: None})
    def destroy(self, request: Request, key: str) -> Response:
        """Give the units back; those of a cart that is over already are."""
        services.give_cart_back(
            channel_id=self._channel().pk, key=key, by=caller(request).actor, at=timezone.now()
        )
        return Response(status=204)

    def _channel(self) -> ChannelPrincipal:
        channel = caller(self.request).channel
        if channel is None:
            raise ChannelKeyNeeded
        return channel


def _wish(said: dict[str, Any]) -> services.CartWish:
    units: dict[str, int] = {}
    for line in said["lines"]:
        units[line["sku"]] = units.get(line["sku"], 0) + line["quantity"]
    place = said["ship_to"] or {"country": "", "postal_code": ""}
    return services.CartWish(
        units=units, location=said["location"], minutes=said["minutes"], **place
    )


def _shown(kept: KeptCart) -> dict[str, Any]:
    cart = kept.cart
    return {
        "key": cart.key,
        "number": cart.number,
        "status": str(cart.status),
        "expires_at": cart.expires_at.isoformat(),
        "order": cart.order_number or None,
        "lines": [
            {
                "sku": sku,
                "quantity": sum(each.quantity for each in them),
                "locations": [
                    {"location": each.location, "quantity": each.quantity} for each in them
                ],
            }
            for sku, them in kept.by_sku.items()
        ],
    }
