from django.urls import path
from rest_framework.routers import SimpleRouter

from orders.api.bulk import BulkOrderViewSet
from orders.api.changes import OrderChangeViewSet
from orders.api.inbound import InboundView
from orders.api.refunds import RefundViewSet
from orders.api.subscriptions import SubscriptionViewSet
from orders.api.views import OrderViewSet

router = SimpleRouter()
router.register("orders/bulk", BulkOrderViewSet, basename="api-orders-bulk")
router.register("orders", OrderViewSet, basename="api-order")
router.register(
    r"orders/(?P<order_number>SO-[0-9]+)/changes", OrderChangeViewSet, basename="api-order-change"
)
router.register("refunds", RefundViewSet, basename="api-refund")
router.register("subscriptions", SubscriptionViewSet, basename="api-subscription")
urlpatterns = [
    path("inbound/<slug:channel>/", InboundView.as_view(), name="api-inbound"),
    *router.urls,
]
