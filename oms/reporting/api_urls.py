from django.urls import path

from oms.reporting.api import ReportView

urlpatterns = [path("reports/<slug:report>/", ReportView.as_view(), name="api-report")]
