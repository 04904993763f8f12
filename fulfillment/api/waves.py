"""Waves, for partner warehouses: which are to be walked, and what was found on the way."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from fulfillment import services
from fulfillment.errors_waves import WaveNotFound
from fulfillment.filters import WaveFilters
from fulfillment.models import Wave
from fulfillment.rules.waves import MOST_ORDERS, Wish
from fulfillment.selectors.free_work import free_work, preview
from fulfillment.selectors.waves import figures_of, wave_walk, waves_of_principal
from fulfillment.states import WaveRule, WaveStatus
from inventory.errors import LocationNotFound
from inventory.models import Location
from inventory.selectors import visible_location_ids
from oms.channels.api.authentication import channel_of
from oms.channels.api.idempotency import KEY, answer_once
from oms.channels.principals import Principal
from oms.core.api.fields import NothingIn, QuantityField, StrictSerializer, TextField, read


class WaveOut(serializers.Serializer[Any]):
    """Work that is picked in one walk. `left` are units still to be found."""

    number = serializers.CharField()
    location = serializers.CharField()
    rule = serializers.ChoiceField(choices=WaveRule.choices)
    zone = serializers.CharField()
    has_totes = serializers.BooleanField()
    status = serializers.ChoiceField(choices=WaveStatus.choices)
    picker = serializers.CharField()
    orders = serializers.IntegerField()
    left = serializers.IntegerField()
    picked = serializers.IntegerField()
    short = serializers.IntegerField()
    made_at = serializers.DateTimeField()


class WaveOrderOut(serializers.Serializer[Any]):
    fulfillment_order = serializers.CharField()
    tote = serializers.CharField()
    quantity = serializers.IntegerField()
    picked = serializers.IntegerField()


class WavePutOut(serializers.Serializer[Any]):
    fulfillment_order = serializers.CharField()
    tote = serializers.CharField()
    quantity = serializers.IntegerField()


class WaveStopOut(serializers.Serializer[Any]):
    """One SKU taken from one bin, and the orders that get units of it."""

    bin = serializers.CharField()
    zone = serializers.CharField()
    sku = serializers.CharField()
    lot = serializers.CharField()
    quantity = serializers.IntegerField()
    puts = WavePutOut(many=True)


class WaveWalkOut(WaveOut):
    """A wave with its orders, and the stops that are left, in the order of the walk."""

    fulfillment_orders = WaveOrderOut(many=True)
    stops = WaveStopOut(many=True)


class WavePickIn(StrictSerializer):
    """Units of one SKU for one order: found (in its `tote`, where it has one), or not there, with
    a `reason`: others are asked for those at once."""

    fulfillment_order = TextField(max_length=40)
    sku = TextField(max_length=64)
    quantity = QuantityField()
    bin = TextField(max_length=32, required=False, allow_blank=True)
    lot = TextField(max_length=64, required=False, allow_blank=True)
    tote = TextField(max_length=32, required=False, allow_blank=True)
    reason = TextField(max_length=200, required=False, allow_blank=True)


class WaveToteIn(StrictSerializer):
    fulfillment_order = TextField(max_length=40)
    tote = TextField(max_length=32)


class WaveIn(StrictSerializer):
    """Which work goes into a wave: by a `rule` of all that waits at a location, or only of the
    `fulfillment_orders` that are named. `zone` counts for the rule by zone; without one it makes a
    wave for each."""

    location = TextField(max_length=16)
    rule = serializers.ChoiceField(choices=WaveRule.choices)
    zone = TextField(max_length=32, required=False, allow_blank=True)
    orders = QuantityField(required=False)
    units = QuantityField(required=False)
    fulfillment_orders = serializers.ListField(
        child=TextField(max_length=40), required=False, max_length=MOST_ORDERS
    )


class WaveMadeOut(serializers.Serializer[Any]):
    number = serializers.CharField()
    zone = serializers.CharField()
    has_totes = serializers.BooleanField()


class WavesOut(serializers.Serializer[Any]):
    waves = WaveMadeOut(many=True)


_pick, _tote, _nothing, _new = WavePickIn(), WaveToteIn(), NothingIn(), WaveIn()


def _caller(request: Request) -> Principal:
    return cast(Principal, request.user)


class WaveViewSet(GenericViewSet[Wave]):
    """A person's key sees the waves of their locations; a channel's sees none."""

    scope = "fulfillment"
    queryset = Wave.objects.none()
    serializer_class = WaveOut
    lookup_field = "number"
    filterset_class = WaveFilters

    def get_queryset(self) -> QuerySet[Wave]:
        if getattr(self, "swagger_fake_view", False):
            return Wave.objects.none()
        return waves_of_principal(_caller(self.request))

    @extend_schema(operation_id="waves_list")
    def list(self, request: Request) -> Response:
        """Waves, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        figures = figures_of(page)
        return self.get_paginated_response(
            [_wave(each, *_figures(figures.get(each.pk))) for each in page]
        )

    @extend_schema(request=WaveIn, responses={201: WavesOut}, parameters=[KEY])
    def create(self, request: Request) -> HttpResponse:
        """Put work together that is picked in one walk: what leaves first and waits longest comes
        first, at most so many orders and units."""
        caller, now = _caller(request), timezone.now()
        channel_of(caller, permission="fulfillment.plan_wave")
        said = read(_new, request.data)
        place = self._place(said["location"])
        only = said.get("fulfillment_orders", [])
        rule = WaveRule(said["rule"])
        wish = Wish(
            rule=rule,
            most_orders=said.get("orders", MOST_ORDERS),
            most_units=said.get("units"),
            zone=said.get("zone", "") if rule == WaveRule.ZONE else "",
        )

        def work() -> tuple[int, dict[str, Any]]:
            free = free_work(place, numbers=only or None)
            made = services.make_waves(
                location=place.code,
                numbers=preview(free, wish, now=now, only=only).numbers,
                rule=rule,
                zone=wish.zone,
                by=caller.actor,
                at=now,
            )
            return 201, {
                "waves": [
                    {"number": each.number, "zone": each.zone, "has_totes": each.has_totes}
                    for each in made
                ]
            }

        return answer_once(request, work)

    @extend_schema(responses=WaveWalkOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One wave: its orders, and the stops of the walk that are left."""
        return self._answer(number)

    @extend_schema(request=WavePickIn, responses=WaveOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def pick(self, request: Request, number: str) -> HttpResponse:
        """Say what was found for one order; with a `reason`, what is not there. Said twice with
        one key, it counts once."""
        wave = self._seen(number)
        said = read(_pick, request.data)
        reason = said.get("reason", "")
        named = {
            "number": number,
            "work": said["fulfillment_order"],
            "sku": said["sku"],
            "units": said["quantity"],
            "by": _caller(request).actor,
            "at": timezone.now(),
        }
        where = {name: said.get(name, "") for name in ("bin", "lot", "tote")}

        def work() -> tuple[int, dict[str, Any]]:
            if reason:
                services.short_in_wave(reason=reason, **named)
            else:
                services.pick_in_wave(**where, **named)
            wave.refresh_from_db(fields=["status", "picker", "picked", "short"])
            return 200, _wave(wave, *_figures(figures_of([wave]).get(wave.pk)))

        return answer_once(request, work)

    @extend_schema(request=WaveToteIn, responses=WaveWalkOut)
    @action(detail=True, methods=["post"])
    def tote(self, request: Request, number: str) -> Response:
        """Give one order an empty tote."""
        self._seen(number)
        said = read(_tote, request.data)
        services.take_tote(
            number=number,
            work=said["fulfillment_order"],
            tote=said["tote"],
            by=_caller(request).actor,
            at=timezone.now(),
        )
        return self._answer(number)

    def _place(self, code: str) -> Location:
        """The location, where the caller works; a channel works nowhere."""
        caller = _caller(self.request)
        mine = [] if caller.channel else visible_location_ids(caller.person)
        found = Location.objects.filter(code=code, is_active=True).first()
        if found is None or (mine is not None and found.pk not in mine):
            raise LocationNotFound(location=code)
        return found

    def _seen(self, number: str) -> Wave:
        found = self.get_queryset().filter(number=number).first()
        if found is None:
            raise WaveNotFound(number=number)
        return found

    def _answer(self, number: str) -> Response:
        walk = wave_walk(self._seen(number))
        orders = [(place, *walk.progress_of(place)) for place in walk.places]
        return Response(
            {
                **_wave(walk.wave, len(orders), walk.left),
                "fulfillment_orders": [
                    {
                        "fulfillment_order": place.fulfillment_order.number,
                        "tote": place.tote,
                        "quantity": quantity,
                        "picked": picked,
                    }
                    for place, picked, quantity in orders
                ],
                "stops": [
                    {
                        "bin": halt.stop.bin,
                        "zone": halt.stop.zone,
                        "sku": halt.sku.code,
                        "lot": halt.stop.lot,
                        "quantity": halt.units,
                        "puts": [
                            {
                                "fulfillment_order": put.place.fulfillment_order.number,
                                "tote": put.place.tote,
                                "quantity": put.units,
                            }
                            for put in halt.puts
                        ],
                    }
                    for halt in walk.halts
                ],
            }
        )


def _figures(found: Any) -> tuple[int, int]:
    return (found.orders, found.left) if found else (0, 0)


def _wave(wave: Wave, orders: int, left: int) -> dict[str, Any]:
    return {
        "number": wave.number,
        "location": wave.location.code,
        "rule": wave.rule,
        "zone": wave.zone,
        "has_totes": wave.has_totes,
        "status": wave.status,
        "picker": wave.picker,
        "orders": orders,
        "left": left,
        "picked": wave.picked,
        "short": wave.short,
        "made_at": wave.made_at.isoformat(),
    }
