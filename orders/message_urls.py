"""The archive of what channels sent, for staff."""

from django.urls import path

from orders.views import archive

app_name = "archive"
urlpatterns = [
    path("", archive.archive, name="list"),
    path("process/", archive.process_all, name="process-all"),
    path("<str:number>/", archive.message, name="message"),
    path("<str:number>/process/", archive.process, name="process"),
    path("<str:number>/fetch/", archive.fetch, name="fetch"),
]
