from django.urls import path

from oms.messaging.views import inbox

app_name = "messaging"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read-all/", inbox.read_all, name="read-all"),
    path("inbox/<int:copy>/", inbox.read, name="read"),
]
