"""The schema, and pages to try the API."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from oms.core.api.views import TryIt

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", TryIt.as_view(), name="docs"),
]
