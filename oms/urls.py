"""Every address of the house."""

from django.contrib import admin
from django.urls import include, path

api = [
    path("", include("orders.api.urls")),
    path("", include("fulfillment.api.urls")),
    path("", include("inventory.api.urls")),
    path("", include("returns.api.urls")),
    path("", include("b2b.api.urls")),
    path("", include("oms.reporting.api_urls")),
    path("", include("oms.messaging.api.urls")),
    path("", include("oms.core.api.urls")),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("accounts/", include("django.contrib.auth.urls")),
    path("admin/", admin.site.urls),
    path("", include("oms.core.urls")),
    path("channels/messages/", include("orders.message_urls")),
    path("", include("oms.channels.urls")),
    path("", include("oms.reporting.urls")),
    path("", include("oms.messaging.urls")),
    path("", include("oms.messaging.webhook_urls")),
    path("", include("orders.channel_urls")),
    path("", include("orders.people_urls")),
    path("", include("orders.urls")),
    path("", include("inventory.urls")),
    path("", include("fulfillment.urls")),
    path("", include("returns.urls")),
    path("b2b/portal/", include("b2b.portal_urls")),
    path("", include("b2b.urls")),
    path("", include("oms.alerts.urls")),
]

handler400 = "oms.core.error_views.bad_request"
handler403 = "oms.core.error_views.forbidden"
handler404 = "oms.core.error_views.not_found"
handler500 = "oms.core.error_views.server_error"
