from django.urls import path

from oms.channels.views import files, imports

app_name = "files"

urlpatterns = [
    path("files/", files.start, name="list"),
    path("files/imports/", files.history, name="history"),
    path("files/imports/<str:number>/", imports.detail, name="import"),
    path("files/imports/<str:number>/live/", imports.live, name="live"),
    path("files/imports/<str:number>/columns/", imports.map_columns, name="map"),
    path("files/imports/<str:number>/to-mend.csv", imports.mend, name="mend"),
    path("files/imports/<str:number>/original/", imports.original, name="original"),
    path("files/imports/<str:number>/<slug:verb>/", imports.act, name="act"),
    path("files/<slug:kind>.csv", files.file_of, name="table"),
    path("files/<slug:kind>/", files.bring, name="file"),
]
