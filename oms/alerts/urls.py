"""The work lists of alerts."""

from django.urls import path

from oms.alerts.views import acting, listing, showing, tuning

app_name = "alerts"

urlpatterns = [
    path("alerts/", listing.alert_list, name="list"),
    path("alerts/thresholds/", tuning.thresholds, name="thresholds"),
    path("alerts/take/", acting.take, name="take"),
    path("alerts/assign/", acting.assign, name="assign"),
    path("alerts/snooze/", acting.snooze, name="snooze"),
    path("alerts/settle/", acting.settle, name="settle"),
    path("alerts/reopen/", acting.reopen, name="reopen"),
    path("alerts/<str:number>/", showing.detail, name="detail"),
]
