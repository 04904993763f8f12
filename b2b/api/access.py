"""Whose documents a key may see, and what it may do with them.

A channel's key with scope `b2b` is an integration of ours: it sees every company. The key of a
person sees what that person sees: all, a sales rep's accounts, or the company he or she buys for.
"""

from dataclasses import dataclass

from django.db.models import QuerySet
from rest_framework.request import Request

from b2b import selectors
from b2b.errors import NotYours
from b2b.models import Buyer, Company, Invoice, PurchaseOrder, Quote, QuoteRequest
from oms.channels.api.authentication import caller
from oms.core.actors import Actor
from oms.core.models import User


@dataclass(frozen=True)
class Party:
    """Who asks: an integration (`user` is None), a colleague, or somebody who buys."""

    actor: Actor
    user: User | None
    buyer: Buyer | None

    def needs(self, permission: str, verb: str, *, buyers: bool = False) -> None:
        """Let pass who may: integrations, colleagues with the permission, buyers where said.

        Raises: NotYours.
        """
        allowed = self.user is None or self.user.has_perm(permission)
        if not allowed and not (buyers and self.buyer is not None):
            raise NotYours(verb=verb)

    def needs_approver(self, verb: str) -> None:
        """Let pass who may approve a purchase order: for us, or for the company.

        Raises: NotYours.
        """
        approves = self.buyer is not None and self.buyer.may_approve
        if not approves:
            self.needs("b2b.approve_purchaseorder", verb)

    @property
    def companies(self) -> QuerySet[Company]:
        if self.user is None:
            return Company.objects.select_related("sales_rep", "price_list")
        return selectors.companies_of(self.user)

    @property
    def requests(self) -> QuerySet[QuoteRequest]:
        if self.user is None:
            return QuoteRequest.objects.select_related("company")
        return selectors.requests_of(self.user)

    @property
    def quotes(self) -> QuerySet[Quote]:
        if self.user is None:
            return Quote.objects.select_related("company", "request")
        return selectors.quotes_of(self.user)

    @property
    def purchase_orders(self) -> QuerySet[PurchaseOrder]:
        if self.user is None:
            return PurchaseOrder.objects.select_related("company", "order", "sales_rep")
        return selectors.purchase_orders_of(self.user)

    @property
    def invoices(self) -> QuerySet[Invoice]:
        if self.user is None:
            return Invoice.objects.select_related("company", "purchase_order", "order", "shipment")
        return selectors.invoices_of(self.user)


def party_of(request: Request) -> Party:
    """Return who asks. One query, two for a person's key."""
    principal = caller(request)
    if principal.channel is not None:
        return Party(principal.actor, None, None)
    user = User.objects.get(pk=principal.user_id or 0)
    return Party(principal.actor, user, selectors.buyer_of(user))
