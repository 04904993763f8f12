from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from b2b import services
from b2b.api.access import Party, party_of
from b2b.api.filters import PurchaseOrderFilters
from b2b.api.quoting import refuse_foreign
from b2b.api.representation import purchase_orders
from b2b.api.shapes import AcceptOrderIn, DecisionIn, PurchaseOrderIn, PurchaseOrderOut, Said
from b2b.errors import PurchaseOrderNotFound
from b2b.models import PurchaseOrder
from b2b.services import LineAnswer, LineWish
from b2b.states import Source
from oms.channels.api.idempotency import KEY, answer_once
from oms.core.api.fields import read
from oms.core.api.pagination import NewestFirst
from oms.customers.addresses import Address

_order, _accept, _reason = PurchaseOrderIn(), AcceptOrderIn(), DecisionIn()


class PurchaseOrderViewSet(GenericViewSet[PurchaseOrder]):
    """What companies order. A clean one is accepted by itself and becomes an order at once."""

    scope = "b2b"
    queryset = PurchaseOrder.objects.none()
    serializer_class = PurchaseOrderOut
    lookup_field = "number"
    lookup_value_regex = r"PO-[0-9]+"
    filterset_class = PurchaseOrderFilters
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[PurchaseOrder]:
        if getattr(self, "swagger_fake_view", False):
            return PurchaseOrder.objects.none()
        return party_of(self.request).purchase_orders

    @extend_schema(request=PurchaseOrderIn, responses={201: PurchaseOrderOut}, parameters=[KEY])
    def create(self, request: Request) -> HttpResponse:
        """Hand a purchase order in.

        A price that differs from what was agreed is kept, and the purchase order waits in
        `submitted` with the issue `price_mismatch` until a person accepts or changes it.
        """
        party = party_of(request)
        said = read(_order, request.data)
        refuse_foreign(party, said["company"])
        party.needs("b2b.enter_purchaseorder", "enter purchase orders", buyers=True)
        return answer_once(request, lambda: (201, _handed_in(party, said)))

    @extend_schema(operation_id="b2b_purchase_orders_list")
    def list(self, request: Request) -> Response:
        """Purchase orders, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(purchase_orders(page or []))

    def retrieve(self, request: Request, number: str) -> Response:
        return _answer(party_of(request), number)

    @extend_schema(request=PurchaseOrderIn, responses=PurchaseOrderOut)
    def update(self, request: Request, number: str) -> Response:
        """Rewrite a draft, or one that was rejected, with all its lines."""
        party = _of(request, number, "b2b.enter_purchaseorder", "enter purchase orders", True)
        said = read(_order, request.data)
        refuse_foreign(party, said["company"])
        _saved(party, said, number=number)
        if said["submit"]:
            services.submit_purchase_order(number=number, by=party.actor, at=timezone.now())
        return _answer(party, number)

    @extend_schema(request=None, responses=PurchaseOrderOut)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, number: str) -> Response:
        """Hand a draft in."""
        party = _of(request, number, "b2b.enter_purchaseorder", "submit purchase orders", True)
        services.submit_purchase_order(number=number, by=party.actor, at=timezone.now())
        return _answer(party, number)

    @extend_schema(request=None, responses=PurchaseOrderOut)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, number: str) -> Response:
        """Agree as a second person that the company buys this."""
        party = party_of(request)
        _found(party, number)
        party.needs_approver("approve purchase orders")
        services.approve_purchase_order(number=number, by=party.actor, at=timezone.now())
        return _answer(party, number)

    @extend_schema(request=AcceptOrderIn, responses=PurchaseOrderOut)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, number: str) -> Response:
        """Supply it, whole or as the lines say; it is placed as one order, once."""
        party = _of(request, number, "b2b.accept_purchaseorder", "accept purchase orders")
        said = read(_accept, request.data)
        services.accept_purchase_order(
            number=number,
            answers=[_as_answer(line) for line in said.get("lines", ())],
            by=party.actor,
            at=timezone.now(),
        )
        return _answer(party, number)

    @extend_schema(request=DecisionIn, responses=PurchaseOrderOut)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, number: str) -> Response:
        """Turn it down: as its supplier, or as an approver of the company."""
        party = party_of(request)
        _found(party, number)
        if party.buyer is not None:
            party.needs_approver("reject purchase orders")
        else:
            party.needs("b2b.accept_purchaseorder", "reject purchase orders")
        said = read(_reason, request.data)
        services.reject_purchase_order(
            number=number, reason=said["reason"], by=party.actor, at=timezone.now()
        )
        return _answer(party, number)

    @extend_schema(request=DecisionIn, responses=PurchaseOrderOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, number: str) -> Response:
        """Call it off, with its order as far as that is not packed."""
        party = _of(request, number, "b2b.accept_purchaseorder", "cancel purchase orders", True)
        said = read(_reason, request.data)
        services.cancel_purchase_order(
            number=number, reason=said["reason"], by=party.actor, at=timezone.now()
        )
        return _answer(party, number)


def _handed_in(party: Party, said: Said) -> dict[str, Any]:
    document = _saved(party, said)
    if said["submit"]:
        document = services.submit_purchase_order(
            number=document.number, by=party.actor, at=timezone.now()
        )
    return purchase_orders([document])[0]


def _saved(party: Party, said: Said, number: str | None = None) -> PurchaseOrder:
    if "sales_rep" in said:
        party.needs("b2b.enter_purchaseorder", "say whose sale it is")
    return services.save_purchase_order(
        company=said["company"],
        lines=[
            LineWish(
                line["sku"],
                line["quantity"],
                line.get("unit_price"),
                requested_on=line.get("requested_on"),
                ship_to=_address(line.get("ship_to")),
            )
            for line in said["lines"]
        ],
        source=Source.API,
        number=number,
        buyer=party.buyer,
        po_number=said["po_number"],
        ship_to=_address(said.get("ship_to")),
        requested_on=said.get("requested_on"),
        note=said["note"],
        sales_rep=said.get("sales_rep"),
        by=party.actor,
        at=timezone.now(),
    )


def _as_answer(said: Said) -> LineAnswer:
    return LineAnswer(
        said["position"],
        quantity=said.get("quantity"),
        unit_price=said.get("unit_price"),
        expected_on=said.get("expected_on"),
        reason=said["reason"],
    )


def _address(said: Said | None) -> Address | None:
    return Address(**said) if said else None


def _of(request: Request, number: str, permission: str, verb: str, buyers: bool = False) -> Party:
    party = party_of(request)
    _found(party, number)
    party.needs(permission, verb, buyers=buyers)
    return party


def _found(party: Party, number: str) -> PurchaseOrder:
    found = party.purchase_orders.filter(number=number).first()
    if found is None:
        raise PurchaseOrderNotFound(number=number)
    return found


def _answer(party: Party, number: str) -> Response:
    return Response(purchase_orders([_found(party, number)])[0])
