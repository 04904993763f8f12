from django.urls import path

from oms.channels.views import files

app_name = "files"

urlpatterns = [
    path("files/", files.file_list, name="list"),
    path("files/<slug:kind>.csv", files.file_of, name="table"),
    path("files/<slug:kind>/", files.bring_in, name="file"),
]
