from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from b2b import services
from b2b.api.access import Party, party_of
from b2b.api.filters import InvoiceFilters
from b2b.api.representation import invoices
from b2b.api.shapes import CreditNoteIn, InvoiceIn, InvoiceOut, InvoicePaymentIn
from b2b.errors import DocumentNotReady, InvoiceNotFound, ShipmentNotInvoiced
from b2b.models import Invoice
from oms.channels.api.idempotency import KEY, answer_once
from oms.core.api.fields import read
from oms.core.api.pagination import NewestFirst

_invoice, _payment, _credit = InvoiceIn(), InvoicePaymentIn(), CreditNoteIn()


class InvoiceViewSet(GenericViewSet[Invoice]):
    """What companies owe for what left, and what they have paid."""

    scope = "b2b"
    queryset = Invoice.objects.none()
    serializer_class = InvoiceOut
    lookup_field = "number"
    lookup_value_regex = r"INV-[0-9]+"
    filterset_class = InvoiceFilters
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Invoice]:
        if getattr(self, "swagger_fake_view", False):
            return Invoice.objects.none()
        return party_of(self.request).invoices

    @extend_schema(request=InvoiceIn, responses={201: InvoiceOut}, parameters=[KEY])
    def create(self, request: Request) -> HttpResponse:
        """Have the invoice of a shipment, at once; it would come by itself within seconds."""
        party = party_of(request)
        party.needs("b2b.pay_invoice", "issue invoices")
        said = read(_invoice, request.data)

        def work() -> tuple[int, dict[str, Any]]:
            made = services.issue_invoice(
                shipment=said["shipment"], by=party.actor, at=timezone.now()
            )
            found = party.invoices.filter(pk=made.pk).first()
            if found is None:
                raise ShipmentNotInvoiced(shipment=said["shipment"])
            return 201, invoices([found], _today())[0]

        return answer_once(request, work)

    @extend_schema(operation_id="b2b_invoices_list")
    def list(self, request: Request) -> Response:
        """Invoices, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(invoices(page or [], _today()))

    def retrieve(self, request: Request, number: str) -> Response:
        return _answer(party_of(request), number)

    @extend_schema(request=InvoicePaymentIn, responses=InvoiceOut)
    @action(detail=True, methods=["post"])
    def pay(self, request: Request, number: str) -> Response:
        """Book money that came in; the same reference counts once."""
        party = party_of(request)
        _found(party, number)
        party.needs("b2b.pay_invoice", "record payments")
        said = read(_payment, request.data)
        services.record_payment(
            invoice=number,
            amount=said["amount"],
            reference=said["reference"],
            method=said["method"],
            received_on=said.get("received_on"),
            by=party.actor,
            at=timezone.now(),
        )
        return _answer(party, number)

    @extend_schema(request=CreditNoteIn, responses=InvoiceOut)
    @action(detail=True, methods=["post"])
    def credit(self, request: Request, number: str) -> Response:
        """Charge part of what is open no longer."""
        party = party_of(request)
        _found(party, number)
        party.needs("b2b.credit_invoice", "credit invoices")
        said = read(_credit, request.data)
        services.credit_invoice(
            invoice=number,
            amount=said["amount"],
            reason=said["reason"],
            by=party.actor,
            at=timezone.now(),
        )
        return _answer(party, number)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def document(self, request: Request, number: str) -> FileResponse:
        """The invoice on paper."""
        invoice = _found(party_of(request), number)
        if not invoice.file:
            raise DocumentNotReady(number=number)
        return FileResponse(
            invoice.file.open("rb"),
            as_attachment=True,
            filename=f"{number}.pdf",
            content_type="application/pdf",
        )


def _today() -> date:
    return timezone.now().date()


def _found(party: Party, number: str) -> Invoice:
    found = party.invoices.filter(number=number).first()
    if found is None:
        raise InvoiceNotFound(number=number)
    return found


def _answer(party: Party, number: str) -> Response:
    return Response(invoices([_found(party, number)], _today())[0])
