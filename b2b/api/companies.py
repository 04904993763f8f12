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
from b2b.api.filters import CompanyFilters
from b2b.api.representation import companies
from b2b.api.shapes import CompanyChangeIn, CompanyIn, CompanyOut, CreditLimitIn, Said
from b2b.errors import CompanyNotFound
from b2b.models import Company
from oms.channels.api.idempotency import KEY, answer_once
from oms.core.api.fields import read
from oms.core.api.pagination import NewestFirst
from oms.customers.addresses import Address

_company, _change, _credit = CompanyIn(), CompanyChangeIn(), CreditLimitIn()
NAMES = {"approval_limit": "approval_limit_amount"}


class CompanyViewSet(GenericViewSet[Company]):
    """Business customers: their terms, addresses and credit."""

    scope = "b2b"
    queryset = Company.objects.none()
    serializer_class = CompanyOut
    lookup_field = "code"
    lookup_value_regex = r"[^/]+"
    filterset_class = CompanyFilters
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Company]:
        if getattr(self, "swagger_fake_view", False):
            return Company.objects.none()
        return party_of(self.request).companies

    @extend_schema(request=CompanyIn, responses={201: CompanyOut}, parameters=[KEY])
    def create(self, request: Request) -> HttpResponse:
        """Take a company on."""
        party = party_of(request)
        party.needs("b2b.change_company", "take companies on")
        said = read(_company, request.data)
        places = [_place(each) for each in said.pop("addresses", ())]

        def work() -> tuple[int, dict[str, Any]]:
            company = services.create_company(
                by=party.actor, at=timezone.now(), addresses=places, **said
            )
            return 201, companies([company])[0]

        return answer_once(request, work)

    @extend_schema(operation_id="b2b_companies_list")
    def list(self, request: Request) -> Response:
        """Companies, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(companies(page or []))

    def retrieve(self, request: Request, code: str) -> Response:
        """One company, with what is left of its credit."""
        return _answer(party_of(request), code)

    @extend_schema(request=CompanyChangeIn, responses=CompanyOut)
    def partial_update(self, request: Request, code: str) -> Response:
        """Change the terms of a company."""
        party = party_of(request)
        _found(party, code)
        party.needs("b2b.change_company", "change companies")
        said = read(_change, request.data)
        services.change_company(
            code=code,
            changes={NAMES.get(name, name): value for name, value in said.items()},
            by=party.actor,
            at=timezone.now(),
        )
        return _answer(party, code)

    @extend_schema(request=CreditLimitIn, responses=CompanyOut)
    @action(detail=True, methods=["post"])
    def credit(self, request: Request, code: str) -> Response:
        """Set how much a company may owe; held orders that fit go on by themselves."""
        party = party_of(request)
        _found(party, code)
        party.needs("b2b.change_creditlimit", "set credit limits")
        said = read(_credit, request.data)
        services.set_credit_limit(
            company=code,
            limit=said["limit"],
            is_blocked=said["is_blocked"],
            reason=said["reason"],
            by=party.actor,
            at=timezone.now(),
        )
        return _answer(party, code)


def _place(said: Said) -> services.PlaceOf:
    return services.PlaceOf(
        said["kind"], said["label"], Address(**said["address"]), said["is_default"]
    )


def _found(party: Party, code: str) -> Company:
    company = party.companies.filter(code=code).first()
    if company is None:
        raise CompanyNotFound(company=code)
    return company


def _answer(party: Party, code: str) -> Response:
    return Response(companies([_found(party, code)])[0])
