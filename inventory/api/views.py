"""Stock, for channels and partner systems: what is free, what lies where, corrections."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.timezone import localdate
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.fields import DateField
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from inventory import selectors, services
from inventory.api.serializers import (
    AdjustIn,
    AdjustOut,
    AvailabilityPage,
    StockLevelOut,
    TransferIn,
    TransferOut,
)
from inventory.errors import LocationNotFound
from inventory.models import Location, StockLevel
from oms.catalog.selectors import skus_by_code
from oms.channels.api.authentication import caller
from oms.channels.api.idempotency import KEY, answer_once
from oms.channels.errors import ChannelNotFound
from oms.channels.models import Channel
from oms.channels.principals import Principal
from oms.channels.states import Scope, StockPolicy
from oms.core.api.fields import CountryField, TextField, read
from oms.core.api.schema import COUNTRY, TEXTS
from oms.core.models import User

MOST_SKUS = 100

_adjust, _transfer = AdjustIn(), TransferIn()


def visible_locations(principal: Principal) -> list[int] | None:
    """Return the ids of the locations a key may see: a channel all (None), a user its own."""
    if principal.user_id is None:
        return None
    return selectors.visible_location_ids(User.objects.get(pk=principal.user_id))


class StockFilters(django_filters.FilterSet):  # type: ignore[misc]
    location = django_filters.CharFilter(field_name="location__code", max_length=16)
    sku = django_filters.CharFilter(field_name="sku__code", max_length=64)

    class Meta:
        model = StockLevel
        fields: list[str] = []


class StockViewSet(GenericViewSet[StockLevel]):
    """What lies where; changed by command."""

    scope = Scope.STOCK
    queryset = StockLevel.objects.none()
    serializer_class = StockLevelOut
    filterset_class = StockFilters

    def get_queryset(self) -> QuerySet[StockLevel]:
        if getattr(self, "swagger_fake_view", False):
            return StockLevel.objects.none()
        levels = StockLevel.objects.select_related("sku", "location")
        visible = visible_locations(caller(self.request))
        return levels if visible is None else levels.filter(location_id__in=visible)

    @extend_schema(operation_id="stock_list")
    def list(self, request: Request) -> Response:
        """Stock levels, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(StockLevelOut(page, many=True).data)

    @extend_schema(request=AdjustIn, responses={201: AdjustOut}, parameters=[KEY], filters=False)
    @action(detail=False, methods=["post"])
    def adjust(self, request: Request) -> HttpResponse:
        """Correct what lies at a location, by a ledger entry. Reserved units stay."""
        said = read(_adjust, request.data)
        self._must_see(said["location"])

        def work() -> tuple[int, dict[str, Any]]:
            services.correct_stock(
                **said, may_ask=False, by=caller(request).actor, at=timezone.now()
            )
            return 201, said

        return answer_once(request, work)

    @extend_schema(
        request=TransferIn, responses={201: TransferOut}, parameters=[KEY], filters=False
    )
    @action(detail=False, methods=["post"])
    def transfers(self, request: Request) -> HttpResponse:
        """Move units that nobody has a claim on to another location, at once."""
        said = read(_transfer, request.data)
        self._must_see(said["from_location"], said["to_location"])

        def work() -> tuple[int, dict[str, Any]]:
            services.transfer(**said, by=caller(request).actor, at=timezone.now())
            return 201, said

        return answer_once(request, work)

    def _must_see(self, *codes: str) -> None:
        """Raises: LocationNotFound, for a location that is none of the caller's."""
        visible = visible_locations(caller(self.request))
        if visible is None:
            return
        mine = set(Location.objects.filter(pk__in=visible).values_list("code", flat=True))
        for code in codes:
            if code not in mine:
                raise LocationNotFound(location=code)


class AvailabilityView(APIView):
    """What is free. For keys with `stock` and for those that place orders."""

    scope = Scope.STOCK

    def get_permissions(self) -> list[Any]:
        """One of two scopes is enough; which one this key has decides what is asked of it."""
        principal: object = self.request.user
        if isinstance(principal, Principal) and principal.may(Scope.ORDERS):
            self.scope = Scope.ORDERS
        return [*super().get_permissions()]

    @extend_schema(
        responses=AvailabilityPage,
        parameters=[
            OpenApiParameter("sku", TEXTS, required=True),
            OpenApiParameter("country", COUNTRY, description="nearest locations first"),
            OpenApiParameter("postal_code", str),
            OpenApiParameter("channel", str, description="its buffers, its word on backorders"),
            OpenApiParameter("date", date, description="what may be promised for that day"),
        ],
    )
    def get(self, request: Request) -> Response:
        """Free units by SKU, in total and by location: advice, not a promise."""
        asked = _asked(request)
        channel = channel_asked_about(caller(request), asked["channel"])
        visible = visible_locations(caller(request))
        refs = skus_by_code(asked["skus"])
        found = selectors.offers(
            {sku: refs[sku] for sku in dict.fromkeys(asked["skus"])},
            country=asked["country"],
            postal_code=asked["postal_code"],
            location_ids=visible,
            channel_id=channel.pk if channel else None,
            day=asked["date"],
            today=localdate(),
        )
        return Response(
            {
                "results": [
                    _answer(sku, offer, channel, asked["date"]) for sku, offer in found.items()
                ]
            }
        )


def _asked(request: Request) -> dict[str, Any]:
    params = request.query_params
    skus = params.getlist("sku")
    if not skus:
        raise ValidationError({"sku": ["Name at least one SKU: ?sku=…"]})
    if len(skus) > MOST_SKUS:
        raise ValidationError({"sku": [f"Name {MOST_SKUS} SKUs at most."]})
    country = params.get("country", "")
    try:
        return {
            "skus": [TextField(max_length=64).run_validation(sku) for sku in skus],
            "country": CountryField().run_validation(country) if country else "",
            "postal_code": TextField(max_length=20, allow_blank=True).run_validation(
                params.get("postal_code", "")
            ),
            "channel": params.get("channel", ""),
            "date": DateField().run_validation(day) if (day := params.get("date")) else None,
        }
    except ValidationError as error:
        raise ValidationError({"query": error.detail}) from error


@dataclass(frozen=True)
class _Asking:
    """The channel that an answer is for."""

    pk: int
    takes_backorders: bool


def channel_asked_about(principal: Principal, slug: str) -> _Asking | None:
    """Return the channel asked about; a channel asks about itself, a person about any or none.

    Raises: ChannelNotFound.
    """
    if principal.channel is not None:
        if slug and slug != principal.channel.slug:
            raise ChannelNotFound(slug=slug)
        own = principal.channel
        return _Asking(own.pk, own.stock_policy == StockPolicy.BACKORDER)
    if not slug:
        return None
    channel = Channel.objects.filter(slug=slug).first()
    if channel is None:
        raise ChannelNotFound(slug=slug)
    return _Asking(channel.pk, channel.stock_policy == StockPolicy.BACKORDER)


def _answer(
    sku: str, offer: selectors.Offer, channel: _Asking | None, day: date | None
) -> dict[str, Any]:
    by_day = (
        day
        and offer.by
        and {
            "date": day.isoformat(),
            "coming": offer.by.coming,
            "waiting": offer.by.waiting,
            "promisable": offer.promisable_by,
        }
    )
    return {
        "sku": sku,
        "on_hand": offer.on_hand,
        "reserved": offer.reserved,
        "held": offer.held,
        "available": offer.available,
        "buffer": offer.buffer,
        "promisable": offer.promisable,
        "backorder": channel.takes_backorders if channel else None,
        "by": by_day,
        "release_on": offer.release_on and offer.release_on.isoformat(),
        "components": [
            {"sku": code, "quantity": units} for code, units in offer.components.items()
        ],
        "locations": [
            {
                "location": shelf.location,
                "on_hand": shelf.on_hand,
                "reserved": shelf.reserved,
                "held": shelf.held,
                "available": shelf.available,
                "promisable": shelf.promisable,
                "distance_km": shelf.distance_km and round(shelf.distance_km, 1),
            }
            for shelf in offer.shelves
        ],
    }
