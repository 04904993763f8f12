"""Returns, for channels and partner warehouses: asked for, read, changed by command."""

from collections import Counter
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from oms.channels.api.authentication import caller
from oms.channels.api.idempotency import KEY, answer_once
from oms.channels.principals import Principal
from oms.core.api.fields import read
from oms.core.api.pagination import NewestFirst
from oms.core.models import User
from orders.errors import OrderNotFound
from orders.models import Order
from returns import selectors, services
from returns.api.filters import ReturnFilters
from returns.api.representation import represent_page
from returns.api.serializers import (
    InspectIn,
    ReasonIn,
    ReceiveIn,
    ReturnIn,
    ReturnOut,
    SettleIn,
)
from returns.errors import NotInReturn, ReturnNotFound
from returns.models import ReturnAuthorization, ReturnLine
from returns.states import Reason

_return, _reason, _receive, _inspect, _settle = (
    ReturnIn(),
    ReasonIn(),
    ReceiveIn(),
    InspectIn(),
    SettleIn(),
)


def visible_returns(principal: Principal) -> QuerySet[ReturnAuthorization]:
    """Return what a key may see: a channel the returns of its own orders, a user those of the
    locations he or she works at."""
    if principal.channel:
        return selectors.return_list().filter(order__channel=principal.channel.pk)
    return selectors.visible_returns(User.objects.get(pk=principal.user_id or 0))


class ReturnViewSet(GenericViewSet[ReturnAuthorization]):
    """Ask for a return with scope `returns`; everything after that is `returns:process`."""

    scope = "returns:process"
    scopes = {"create": "returns", "list": "returns", "retrieve": "returns", "cancel": "returns"}
    queryset = ReturnAuthorization.objects.none()
    serializer_class = ReturnOut
    lookup_field = "number"
    lookup_value_regex = r"RMA-[0-9]+-[0-9]+"
    filterset_class = ReturnFilters
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[ReturnAuthorization]:
        if getattr(self, "swagger_fake_view", False):
            return ReturnAuthorization.objects.none()
        return visible_returns(caller(self.request))

    @extend_schema(request=ReturnIn, responses={201: ReturnOut}, parameters=[KEY])
    def create(self, request: Request) -> HttpResponse:
        """Ask for units of a shipped order to come back."""
        said = read(_return, request.data)
        principal = caller(request)
        orders = Order.objects.filter(number=said["order"])
        if principal.channel:
            orders = orders.filter(channel=principal.channel.pk)
        if not orders.exists():
            raise OrderNotFound(number=said["order"])

        def work() -> tuple[int, dict[str, Any]]:
            made = services.request_return(
                order=said["order"],
                wishes=[_wish(line) for line in said["lines"]],
                resolution=said["resolution"],
                note=said["note"],
                by=principal.actor,
                at=timezone.now(),
            )
            return 201, represent_page([made])[0]

        return answer_once(request, work)

    @extend_schema(operation_id="returns_list")
    def list(self, request: Request) -> Response:
        """Returns, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(represent_page(page or []))

    def retrieve(self, request: Request, number: str) -> Response:
        return Response(represent_page([self._return(number)])[0])

    @extend_schema(request=ReasonIn, responses=ReturnOut)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, number: str) -> Response:
        """Let the units come back."""
        self._return(number)
        said = read(_reason, request.data)
        services.approve_return(
            number=number, reason=said["reason"], by=caller(request).actor, at=timezone.now()
        )
        return self.retrieve(request, number)

    @extend_schema(request=ReasonIn, responses=ReturnOut)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, number: str) -> Response:
        """Turn the request down."""
        self._return(number)
        said = read(_reason, request.data)
        services.decline_return(
            number=number, reason=said["reason"], by=caller(request).actor, at=timezone.now()
        )
        return self.retrieve(request, number)

    @extend_schema(request=ReasonIn, responses=ReturnOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, number: str) -> Response:
        """Call a return off before any unit of it has come."""
        self._return(number)
        said = read(_reason, request.data)
        services.cancel_return(
            number=number, reason=said["reason"], by=caller(request).actor, at=timezone.now()
        )
        return self.retrieve(request, number)

    @extend_schema(request=ReceiveIn, responses=ReturnOut)
    @action(detail=True, methods=["post"])
    def receive(self, request: Request, number: str) -> Response:
        """Note units that arrived; several parcels are several calls."""
        self._return(number)
        said = read(_receive, request.data)
        units: Counter[str] = Counter()
        for line in said["lines"]:
            units[line["sku"]] += line["quantity"]
        services.receive_return(
            number=number,
            units=units,
            location=said["location"],
            by=caller(request).actor,
            at=timezone.now(),
        )
        return self.retrieve(request, number)

    @extend_schema(request=InspectIn, responses=ReturnOut)
    @action(detail=True, methods=["post"])
    def inspect(self, request: Request, number: str) -> Response:
        """Grade units that were received; units beyond those not graded yet are graded anew."""
        self._return(number)
        said = read(_inspect, request.data)
        services.inspect_return(
            number=number,
            grades=[services.Grade(**line) for line in said["lines"]],
            by=caller(request).actor,
            at=timezone.now(),
        )
        return self.retrieve(request, number)

    @extend_schema(request=SettleIn, responses=ReturnOut)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, number: str) -> Response:
        """Give the money for the received units back; `lines` may set another amount by SKU."""
        document = self._return(number)
        said = read(_settle, request.data)
        services.settle_return(
            number=number,
            amounts=_amounts(document, said["lines"]),
            expected_amount=said["expected_amount"],
            by=caller(request).actor,
            at=timezone.now(),
        )
        return self.retrieve(request, number)

    def _return(self, number: str) -> ReturnAuthorization:
        document = self.get_queryset().filter(number=number).first()
        if document is None:
            raise ReturnNotFound(number=number)
        return document


def _wish(line: dict[str, Any]) -> services.Wish:
    """Read one wish; a reason in other words than ours is the customer's comment."""
    reason, comment = line["reason"], line["comment"]
    if reason not in Reason.values:
        comment = f"{reason}. {comment}".strip(". ") if reason else comment
        reason = Reason.OTHER
    return services.Wish(line["sku"], line["quantity"], reason=reason, comment=comment[:500])


def _amounts(document: ReturnAuthorization, credits: "list[dict[str, Any]]") -> dict[int, Decimal]:
    """Read amounts by SKU as amounts by line; with several lines of a SKU the first takes it.

    Raises: NotInReturn.
    """
    amounts: dict[int, Decimal] = {}
    if not credits:
        return amounts
    lines = ReturnLine.objects.filter(authorization=document).order_by("id")
    by_sku: dict[str, list[int]] = {}
    for pk, sku in lines.values_list("id", "order_line__sku_code"):
        by_sku.setdefault(sku, []).append(pk)
    for credit in credits:
        if credit["sku"] not in by_sku:
            raise NotInReturn(number=document.number, sku=credit["sku"])
        first, *others = by_sku[credit["sku"]]
        amounts[first] = amounts.get(first, Decimal(0)) + credit["amount"]
        amounts.update(dict.fromkeys(others, Decimal(0)))
    return amounts
