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
from b2b.api.filters import QuoteFilters, RequestFilters
from b2b.api.representation import purchase_orders, quotes, requests
from b2b.api.shapes import (
    AcceptQuoteIn,
    DecisionIn,
    PresentIn,
    PurchaseOrderOut,
    QuoteIn,
    QuoteOut,
    RequestIn,
    RequestOut,
    RevisionIn,
)
from b2b.errors import CompanyNotFound, QuoteNotFound, RequestNotFound
from b2b.models import Quote, QuoteRequest
from b2b.services import LineWish
from oms.channels.api.idempotency import KEY, answer_once
from oms.core.api.fields import read
from oms.core.api.pagination import NewestFirst
from oms.customers.addresses import Address

_request, _quote, _reason = RequestIn(), QuoteIn(), DecisionIn()
_present, _revision, _accept = PresentIn(), RevisionIn(), AcceptQuoteIn()


def refuse_foreign(party: Party, company: str) -> None:
    """Pass a company that the key knows of.

    Raises: CompanyNotFound.
    """
    if not party.companies.filter(code=company).exists():
        raise CompanyNotFound(company=company)


class RequestViewSet(GenericViewSet[QuoteRequest]):
    """Requests for quotation: what a company wants to have offered."""

    scope = "b2b"
    queryset = QuoteRequest.objects.none()
    serializer_class = RequestOut
    lookup_field = "number"
    lookup_value_regex = r"RFQ-[0-9]+"
    filterset_class = RequestFilters
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[QuoteRequest]:
        if getattr(self, "swagger_fake_view", False):
            return QuoteRequest.objects.none()
        return party_of(self.request).requests

    @extend_schema(request=RequestIn, responses={201: RequestOut}, parameters=[KEY])
    def create(self, request: Request) -> HttpResponse:
        """Ask what something would cost."""
        party = party_of(request)
        said = read(_request, request.data)
        refuse_foreign(party, said["company"])
        party.needs("b2b.draft_quote", "ask for quotes", buyers=True)

        def work() -> tuple[int, dict[str, Any]]:
            made = services.request_quote(
                company=said["company"],
                lines=[
                    LineWish(
                        line["sku"],
                        line["quantity"],
                        line.get("target_price"),
                        note=line.get("note", ""),
                    )
                    for line in said["lines"]
                ],
                buyer=party.buyer,
                needed_by=said.get("needed_by"),
                note=said["note"],
                by=party.actor,
                at=timezone.now(),
            )
            return 201, requests([made])[0]

        return answer_once(request, work)

    @extend_schema(operation_id="b2b_quote_requests_list")
    def list(self, request: Request) -> Response:
        """Requests, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(requests(page or []))

    def retrieve(self, request: Request, number: str) -> Response:
        return _request_answer(party_of(request), number)

    @extend_schema(request=None, responses=RequestOut)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, number: str) -> Response:
        """Take a request in hand."""
        party = _of_request(request, number, "b2b.draft_quote", "review requests")
        services.review_request(number=number, by=party.actor, at=timezone.now())
        return _request_answer(party, number)

    @extend_schema(request=DecisionIn, responses=RequestOut)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, number: str) -> Response:
        """Make no offer, and say why."""
        party = _of_request(request, number, "b2b.draft_quote", "decline requests")
        said = read(_reason, request.data)
        services.decline_request(
            number=number, reason=said["reason"], by=party.actor, at=timezone.now()
        )
        return _request_answer(party, number)

    @extend_schema(request=None, responses=RequestOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, number: str) -> Response:
        """Ask no longer."""
        party = _of_request(request, number, "b2b.draft_quote", "withdraw requests", buyers=True)
        services.withdraw_request(number=number, by=party.actor, at=timezone.now())
        return _request_answer(party, number)


def _of_request(
    request: Request, number: str, permission: str, verb: str, *, buyers: bool = False
) -> Party:
    party = party_of(request)
    _request_found(party, number)
    party.needs(permission, verb, buyers=buyers)
    return party


def _request_found(party: Party, number: str) -> QuoteRequest:
    found = party.requests.filter(number=number).first()
    if found is None:
        raise RequestNotFound(number=number)
    return found


def _request_answer(party: Party, number: str) -> Response:
    return Response(requests([_request_found(party, number)])[0])


class QuoteViewSet(GenericViewSet[Quote]):
    """Offers, version by version; the newest version is the live one."""

    scope = "b2b"
    queryset = Quote.objects.none()
    serializer_class = QuoteOut
    lookup_field = "number"
    lookup_value_regex = r"Q-[0-9]+"
    filterset_class = QuoteFilters
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Quote]:
        if getattr(self, "swagger_fake_view", False):
            return Quote.objects.none()
        return party_of(self.request).quotes

    @extend_schema(request=QuoteIn, responses={201: QuoteOut}, parameters=[KEY])
    def create(self, request: Request) -> HttpResponse:
        """Draft an offer; with `present` it goes to the company at once."""
        party = party_of(request)
        said = read(_quote, request.data)
        refuse_foreign(party, said["company"])
        party.needs("b2b.draft_quote", "draft quotes")
        return answer_once(request, lambda: (201, _drafted(party, said)))

    @extend_schema(operation_id="b2b_quotes_list")
    def list(self, request: Request) -> Response:
        """Quotes, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(quotes(page or []))

    def retrieve(self, request: Request, number: str) -> Response:
        return _quote_answer(party_of(request), number)

    @extend_schema(request=PresentIn, responses=QuoteOut)
    @action(detail=True, methods=["post"])
    def present(self, request: Request, number: str) -> Response:
        """Offer the newest version; a large discount waits for someone else's approval."""
        party = _of_quote(request, number, "b2b.draft_quote", "present quotes")
        said = read(_present, request.data)
        services.present_quote(
            number=number,
            valid_until=said.get("valid_until"),
            by=party.actor,
            at=timezone.now(),
        )
        return _quote_answer(party, number)

    @extend_schema(request=None, responses=QuoteOut)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, number: str) -> Response:
        """Agree to the discounts somebody else gave."""
        party = _of_quote(request, number, "b2b.approve_quote", "approve quotes")
        services.approve_quote(number=number, by=party.actor, at=timezone.now())
        return _quote_answer(party, number)

    @extend_schema(request=RevisionIn, responses=QuoteOut)
    @action(detail=True, methods=["post"], url_path="request-revision")
    def request_revision(self, request: Request, number: str) -> Response:
        """Say what would have to be different."""
        party = _of_quote(
            request, number, "b2b.draft_quote", "ask for another version", buyers=True
        )
        said = read(_revision, request.data)
        services.request_revision(
            number=number,
            reason=said["reason"],
            version=said.get("version"),
            by=party.actor,
            at=timezone.now(),
        )
        return _quote_answer(party, number)

    @extend_schema(request=None, responses=QuoteOut)
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, number: str) -> Response:
        """Open the next version as a draft with the lines of the last."""
        party = _of_quote(request, number, "b2b.draft_quote", "revise quotes")
        services.revise_quote(number=number, by=party.actor, at=timezone.now())
        return _quote_answer(party, number)

    @extend_schema(request=AcceptQuoteIn, responses=PurchaseOrderOut)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, number: str) -> Response:
        """Take the offer, or part of it: it becomes the purchase order in the answer."""
        party = _of_quote(request, number, "b2b.enter_purchaseorder", "accept quotes", buyers=True)
        said = read(_accept, request.data)
        lines, place = said.get("lines"), said.get("ship_to")
        document = services.accept_quote(
            number=number,
            version=said.get("version"),
            quantities={line["position"]: line["quantity"] for line in lines}
            if lines is not None
            else None,
            po_number=said["po_number"],
            buyer=party.buyer,
            ship_to=Address(**place) if place else None,
            by=party.actor,
            at=timezone.now(),
        )
        return Response(purchase_orders([document])[0])

    @extend_schema(request=DecisionIn, responses=QuoteOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, number: str) -> Response:
        """Take the offer back."""
        party = _of_quote(request, number, "b2b.draft_quote", "withdraw quotes")
        said = read(_reason, request.data)
        services.withdraw_quote(
            number=number, reason=said["reason"], by=party.actor, at=timezone.now()
        )
        return _quote_answer(party, number)

    @extend_schema(request=DecisionIn, responses=QuoteOut)
    @action(detail=True, methods=["post"])
    def lose(self, request: Request, number: str) -> Response:
        """Note that the company will not buy."""
        party = _of_quote(request, number, "b2b.draft_quote", "close quotes")
        said = read(_reason, request.data)
        services.lose_quote(number=number, reason=said["reason"], by=party.actor, at=timezone.now())
        return _quote_answer(party, number)


def _drafted(party: Party, said: dict[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    quote = services.draft_quote(
        company=said["company"],
        lines=[
            LineWish(line["sku"], line["quantity"], line.get("unit_price"))
            for line in said["lines"]
        ],
        request=said.get("request"),
        valid_until=said.get("valid_until"),
        note=said["note"],
        by=party.actor,
        at=now,
    )
    if said["present"]:
        quote = services.present_quote(number=quote.number, by=party.actor, at=now)
    return quotes([quote])[0]


def _of_quote(
    request: Request, number: str, permission: str, verb: str, *, buyers: bool = False
) -> Party:
    party = party_of(request)
    _quote_found(party, number)
    party.needs(permission, verb, buyers=buyers)
    return party


def _quote_found(party: Party, number: str) -> Quote:
    found = party.quotes.filter(number=number).first()
    if found is None:
        raise QuoteNotFound(number=number)
    return found


def _quote_answer(party: Party, number: str) -> Response:
    return Response(quotes([_quote_found(party, number)])[0])
