from rest_framework.routers import SimpleRouter

from orders.api.refunds import RefundViewSet
from orders.api.views import OrderViewSet

router = SimpleRouter()
router.register("orders", OrderViewSet, basename="api-order")
router.register("refunds", RefundViewSet, basename="api-refund")
urlpatterns = router.urls
