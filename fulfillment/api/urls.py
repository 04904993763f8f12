from django.urls import path
from rest_framework.routers import SimpleRouter

from fulfillment.api.backorders import BackordersView
from fulfillment.api.views import FulfillmentOrderViewSet, ShipmentViewSet, SourcingView
from fulfillment.api.waves import WaveViewSet

router = SimpleRouter()
router.register("fulfillment-orders", FulfillmentOrderViewSet, basename="api-fulfillment-order")
router.register("waves", WaveViewSet, basename="api-wave")
router.register("shipments", ShipmentViewSet, basename="api-shipment")
urlpatterns = [
    path(
        "fulfillment-orders/<str:number>/packing-slip.pdf",
        FulfillmentOrderViewSet.as_view({"get": "packing_slip"}),
        name="api-packing-slip",
    ),
    path("backorders/", BackordersView.as_view(), name="api-backorders"),
    path("orders/<str:number>/sourcing/", SourcingView.as_view(), name="api-sourcing"),
    *router.urls,
]
