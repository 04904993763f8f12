from django.urls import path
from rest_framework.routers import SimpleRouter

from inventory.api.transfers import TransferViewSet
from inventory.api.views import AvailabilityView, StockViewSet

router = SimpleRouter()
router.register("stock/transfer-orders", TransferViewSet, basename="api-transfer-orders")
router.register("stock", StockViewSet, basename="api-stock")
urlpatterns = [path("availability/", AvailabilityView.as_view()), *router.urls]
