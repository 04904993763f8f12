"""Subscriptions, for channels: begun, read, and changed by command."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from oms.channels.api.authentication import caller
from oms.channels.api.idempotency import KEY, answer_once
from oms.channels.errors import ChannelKeyNeeded
from oms.core.api.fields import NothingIn, read
from oms.core.api.pagination import NewestFirst
from oms.core.money import ZERO, text
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders import selectors, services
from orders.api.representation import address_out
from orders.api.subscription_shapes import (
    AccountIn,
    EndIn,
    LinesIn,
    NewAddressIn,
    PauseIn,
    RhythmIn,
    SubscriptionIn,
    SubscriptionOut,
    WholeSubscriptionOut,
)
from orders.errors import SubscriptionNotFound
from orders.models import Cycle, Subscription
from orders.rules.contracts import NewSubscription, PaymentAccount, WantedLine
from orders.selectors.subscriptions import Line, delivery_total
from orders.states import PricePolicy, SubscriptionStatus


class SubscriptionFilters(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(choices=SubscriptionStatus.choices)
    external_id = django_filters.CharFilter(max_length=100)
    email = django_filters.CharFilter(max_length=254)

    class Meta:
        model = Subscription
        fields: list[str] = []


_new, _pause, _nothing, _end = SubscriptionIn(), PauseIn(), NothingIn(), EndIn()
_lines, _move, _rhythm, _account = LinesIn(), NewAddressIn(), RhythmIn(), AccountIn()


class SubscriptionViewSet(GenericViewSet[Subscription]):
    """Read freely, change by command."""

    scope = "orders"
    queryset = Subscription.objects.none()
    serializer_class = WholeSubscriptionOut
    lookup_field = "number"
    lookup_value_regex = r"SUB-[0-9]+"
    filterset_class = SubscriptionFilters
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Subscription]:
        if getattr(self, "swagger_fake_view", False):
            return Subscription.objects.none()
        channel = caller(self.request).channel
        rows = selectors.subscription_list()
        return rows.filter(channel=channel.pk) if channel else rows

    @extend_schema(request=SubscriptionIn, responses={201: WholeSubscriptionOut}, parameters=[KEY])
    def create(self, request: Request) -> HttpResponse:
        """Begin a subscription: its first delivery is planned, its prices are agreed."""
        principal = caller(request)
        if principal.channel is None:
            raise ChannelKeyNeeded
        channel = principal.channel
        wanted = wanted_subscription(read(_new, request.data), timezone.now())

        def work() -> tuple[int, dict[str, Any]]:
            begun = services.subscribe(
                wanted=wanted, channel=channel, by=principal.actor, at=timezone.now()
            )
            return 201, _whole(begun.number)

        return answer_once(request, work)

    @extend_schema(operation_id="subscriptions_list", responses=SubscriptionOut(many=True))
    def list(self, request: Request) -> Response:
        """Subscriptions, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        rows = selectors.subscription_rows(page or [])
        return self.get_paginated_response(
            [_represent(row.subscription, row.lines, row.next) for row in rows]
        )

    def retrieve(self, request: Request, number: str) -> Response:
        self._one(number)
        return Response(_whole(number))

    @extend_schema(request=PauseIn, responses=WholeSubscriptionOut)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, number: str) -> Response:
        """Place nothing until a day, or until it is resumed."""
        self._one(number)
        services.pause_subscription(
            number=number, **read(_pause, request.data), **self._who(request)
        )
        return self.retrieve(request, number)

    @extend_schema(request=NothingIn, responses=WholeSubscriptionOut)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, number: str) -> Response:
        """Go on with the next delivery that is still to come; none is made up for."""
        self._one(number)
        read(_nothing, request.data)
        services.resume_subscription(number=number, **self._who(request))
        return self.retrieve(request, number)

    @extend_schema(request=NothingIn, responses=WholeSubscriptionOut)
    @action(detail=True, methods=["post"])
    def skip(self, request: Request, number: str) -> Response:
        """Leave the next delivery out."""
        self._one(number)
        read(_nothing, request.data)
        services.skip_delivery(number=number, **self._who(request))
        return self.retrieve(request, number)

    @extend_schema(request=NothingIn, responses=WholeSubscriptionOut)
    @action(detail=True, methods=["post"])
    def unskip(self, request: Request, number: str) -> Response:
        """Have a skipped delivery after all."""
        self._one(number)
        read(_nothing, request.data)
        services.unskip_delivery(number=number, **self._who(request))
        return self.retrieve(request, number)

    @extend_schema(request=EndIn, responses=WholeSubscriptionOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, number: str) -> Response:
        """End it: nothing more is placed."""
        self._one(number)
        services.cancel_subscription(
            number=number, **read(_end, request.data), **self._who(request)
        )
        return self.retrieve(request, number)

    @extend_schema(request=LinesIn, responses=WholeSubscriptionOut)
    @action(detail=True, methods=["post"])
    def lines(self, request: Request, number: str) -> Response:
        """Have other units or SKUs from now on, or with the next delivery only (`once`)."""
        self._one(number)
        said = read(_lines, request.data)
        services.change_lines(
            number=number,
            lines=wanted_lines(said["lines"]),
            once=said.get("once", False),
            **self._who(request),
        )
        return self.retrieve(request, number)

    @extend_schema(request=NewAddressIn, responses=WholeSubscriptionOut)
    @action(detail=True, methods=["post"])
    def address(self, request: Request, number: str) -> Response:
        """Have it sent elsewhere from now on, or the next delivery only (`once`)."""
        self._one(number)
        said = read(_move, request.data)
        services.change_address(
            number=number,
            ship_to=Address(**said["shipping_address"]),
            once=said.get("once", False),
            **self._who(request),
        )
        return self.retrieve(request, number)

    @extend_schema(request=RhythmIn, responses=WholeSubscriptionOut)
    @action(detail=True, methods=["post"])
    def rhythm(self, request: Request, number: str) -> Response:
        """Have it more or less often."""
        self._one(number)
        services.change_rhythm(number=number, **read(_rhythm, request.data), **self._who(request))
        return self.retrieve(request, number)

    @extend_schema(request=AccountIn, responses=WholeSubscriptionOut)
    @action(detail=True, methods=["post"])
    def payment(self, request: Request, number: str) -> Response:
        """Have another card or account charged from now on."""
        self._one(number)
        services.change_payment(
            number=number,
            account=PaymentAccount(**read(_account, request.data)),
            **self._who(request),
        )
        return self.retrieve(request, number)

    @extend_schema(request=NothingIn, responses=WholeSubscriptionOut)
    @action(detail=True, methods=["post"], url_path="retry-payment")
    def retry_payment(self, request: Request, number: str) -> Response:
        """Try a failed payment again at once."""
        self._one(number)
        read(_nothing, request.data)
        services.retry_payment(number=number, **self._who(request))
        return self.retrieve(request, number)

    def _one(self, number: str) -> Subscription:
        found = self.get_queryset().filter(number=number).first()
        if found is None:
            raise SubscriptionNotFound(number=number)
        return found

    def _who(self, request: Request) -> dict[str, Any]:
        return {"by": caller(request).actor, "at": timezone.now()}


def wanted_subscription(said: dict[str, Any], now: datetime) -> NewSubscription:
    """Return a validated subscription as the domain knows it, defaults filled in.

    Raises: ValidationError.
    """
    shipping: dict[str, Any] = said.get("shipping", {})
    zone = said.get("time_zone", "UTC")
    return NewSubscription(
        customer=CustomerDetails(**said["customer"]),
        ship_to=Address(**said["shipping_address"]),
        bill_to=Address(**said["billing_address"]) if said.get("billing_address") else None,
        lines=wanted_lines(said["lines"]),
        currency=said["currency"],
        every=said.get("every", 1),
        unit=said["unit"],
        starts_on=said.get("starts_on") or _today(zone, now),
        time_zone=zone,
        external_id=said.get("external_id", ""),
        ends_after=said.get("ends_after"),
        ends_on=said.get("ends_on"),
        price_policy=said.get("price_policy", PricePolicy.AGREED),
        service=shipping.get("method", ""),
        shipping_amount=shipping.get("amount", ZERO),
        shipping_tax=shipping.get("tax", ZERO),
        account=PaymentAccount(**said.get("payment", {})),
    )


def _today(zone: str, now: datetime) -> date:
    try:
        return now.astimezone(ZoneInfo(zone)).date()
    except (ValueError, OSError, LookupError):
        raise ValidationError({"time_zone": ["Is no time zone."]}) from None


def wanted_lines(said: Sequence[dict[str, Any]]) -> tuple[WantedLine, ...]:
    return tuple(WantedLine(**line) for line in said)


def _whole(number: str) -> dict[str, Any]:
    page = selectors.subscription_page(number, story=False)
    if page is None:
        raise SubscriptionNotFound(number=number)
    currency = page.subscription.currency
    return {
        **_represent(page.subscription, page.lines, page.next),
        "next_lines": [_line(line) for line in page.next_lines] if page.next else [],
        "deliveries": [
            {
                "index": cycle.index,
                "due_on": cycle.due_on.isoformat(),
                "status": cycle.status,
                "order": cycle.order.number if cycle.order else None,
                "total": text(cycle.total_amount, currency),
            }
            for cycle in page.past
        ],
    }


def _represent(row: Subscription, lines: Sequence[Line], ahead: Cycle | None) -> dict[str, Any]:
    return {
        "number": row.number,
        "external_id": row.external_id,
        "channel": row.channel.slug,
        "status": row.status,
        "every": row.every,
        "unit": row.unit,
        "time_zone": row.time_zone,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
        "ends_after": row.ends_after,
        "paused_until": row.paused_until.isoformat() if row.paused_until else None,
        "currency": row.currency,
        "total": text(delivery_total(row, lines), row.currency),
        "price_policy": row.price_policy,
        "problem": row.problem,
        "customer": {
            "name": row.customer_name,
            "email": row.email,
            "phone": row.phone,
            "language": row.language,
        },
        "shipping_address": address_out(row.ship_to),
        "lines": [_line(line) for line in lines],
        "payment": {"gateway": row.gateway, "method": row.payment_method},
        "next": ahead and _next(ahead),
        "page_url": selectors.subscription_url(row),
    }


def _next(cycle: Cycle) -> dict[str, Any]:
    return {
        "index": cycle.index,
        "due_on": cycle.due_on.isoformat(),
        "due_at": cycle.due_at.isoformat(),
        "change_until": cycle.locks_at.isoformat(),
        "status": cycle.status,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "sku": line.sku.code,
        "name": line.sku.name,
        "quantity": line.quantity,
        "unit_price": f"{line.unit_price.normalize():f}",
        "tax_rate": f"{line.tax_rate.normalize():f}",
    }
