from rest_framework.routers import SimpleRouter

from oms.messaging.api.views import EventViewSet, WebhookEndpointViewSet

router = SimpleRouter()
router.register("webhook-endpoints", WebhookEndpointViewSet, basename="api-webhook-endpoint")
router.register("events", EventViewSet, basename="api-event")
urlpatterns = router.urls
