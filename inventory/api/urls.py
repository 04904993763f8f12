from django.urls import path
from rest_framework.routers import SimpleRouter

from inventory.api.carts import CartViewSet
from inventory.api.changes import AvailabilityChangesView
from inventory.api.counts import StockCountViewSet
from inventory.api.moving import FreeView, HoldView, MoveView, ScrapView
from inventory.api.transfers import TransferViewSet
from inventory.api.views import AvailabilityView, StockViewSet

router = SimpleRouter()
router.register("stock/counts", StockCountViewSet, basename="api-stock-counts")
router.register("stock/reservations", CartViewSet, basename="api-cart-reservations")
router.register("stock/transfer-orders", TransferViewSet, basename="api-transfer-orders")
router.register("stock", StockViewSet, basename="api-stock")
urlpatterns = [
    path("availability/", AvailabilityView.as_view()),
    path("availability/changes/", AvailabilityChangesView.as_view()),
    path("stock/moves/", MoveView.as_view()),
    path("stock/holds/", HoldView.as_view()),
    path("stock/frees/", FreeView.as_view()),
    path("stock/scraps/", ScrapView.as_view()),
    *router.urls,
]
