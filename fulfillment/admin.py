"""Work and shipments, to look at; what changes them goes through the services."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from fulfillment import services
from fulfillment.models import (
    FulfillmentOrder,
    FulfillmentOrderLine,
    Package,
    PackingSlip,
    Shipment,
    SourcingDecision,
    TrackingEvent,
)
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.read_only_admin import ReadOnlyAdmin


class _ReadOnlyRows(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class LineRows(_ReadOnlyRows):
    model = FulfillmentOrderLine
    fields = ("sku", "quantity", "picked", "packed", "shipped", "reservation")


class PackageRows(_ReadOnlyRows):
    model = Package


class TrackingRows(_ReadOnlyRows):
    model = TrackingEvent


@admin.register(FulfillmentOrder)
class FulfillmentOrderAdmin(ReadOnlyAdmin):
    list_display = ("number", "order", "location", "status", "units", "stops", "created_at")
    list_select_related = ("order", "location")
    list_filter = ("status",)
    search_fields = ("number__startswith", "order__number__exact")
    ordering = ("-id",)
    inlines = (LineRows, PackageRows)
    actions = ("release_work", "make_slip_anew")  # type: ignore[assignment]

    @admin.action(description="Release to the floor", permissions=["release"])
    def release_work(self, request: HttpRequest, chosen: QuerySet[FulfillmentOrder]) -> None:
        for work in chosen:
            try:
                services.release_work(number=work.number, by=_actor(request), at=timezone.now())
            except Refusal as refusal:
                self.message_user(request, str(refusal), messages.ERROR)

    @admin.action(description="Make the packing slip anew", permissions=["release"])
    def make_slip_anew(self, request: HttpRequest, chosen: QuerySet[FulfillmentOrder]) -> None:
        for work in chosen:
            services.request_packing_slip(number=work.number, at=timezone.now())

    def has_release_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("fulfillment.release_fulfillmentorder"))


def _actor(request: HttpRequest) -> Actor:
    return Actor("user", request.user.get_username())


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    list_display = ("number", "carrier", "service", "tracking_number", "status", "shipped_at")
    list_filter = ("status",)
    search_fields = ("number__exact", "tracking_number__exact")
    ordering = ("-id",)
    inlines = (TrackingRows,)


@admin.register(SourcingDecision)
class SourcingDecisionAdmin(ReadOnlyAdmin):
    list_display = ("order", "reason", "decided_at")
    list_select_related = ("order",)
    search_fields = ("order__number__exact",)
    ordering = ("-id",)


@admin.register(PackingSlip)
class PackingSlipAdmin(ReadOnlyAdmin):
    list_display = ("fulfillment_order", "requested_at", "made_at", "file")
    list_select_related = ("fulfillment_order",)
    search_fields = ("fulfillment_order__number__exact",)
    ordering = ("-id",)
