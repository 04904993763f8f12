from django.urls import path

from oms.reporting import views

app_name = "reports"

urlpatterns = [
    path("reports/", views.report_list, name="list"),
    path("reports/<slug:slug>/", views.report_page, name="report"),
    path("reports/<slug:slug>.csv", views.report_table, {"form": "csv"}, name="csv"),
    path("reports/<slug:slug>.xlsx", views.report_table, {"form": "xlsx"}, name="xlsx"),
]
