"""The staff screens."""

from django.urls import path

from fulfillment.views import acting, queue, showing, stations

app_name = "fulfillment"

urlpatterns = [
    path("fulfillment/", queue.queue, name="queue"),
    path("fulfillment/release/", queue.release_many, name="release-many"),
    path("fulfillment/shipments/", showing.shipment_list, name="shipments"),
    path("fulfillment/shipments/<str:number>/", showing.shipment, name="shipment"),
    path("fulfillment/<str:number>/", showing.detail, name="detail"),
    path("fulfillment/<str:number>/packing-slip.pdf", showing.packing_slip, name="slip"),
    path("fulfillment/<str:number>/release/", acting.release, name="release"),
    path("fulfillment/<str:number>/pick/", stations.pick, name="pick"),
    path("fulfillment/<str:number>/pick/scan/", stations.pick_scan, name="pick-scan"),
    path("fulfillment/<str:number>/pick/short/", stations.short, name="short"),
    path("fulfillment/<str:number>/pack/", stations.pack, name="pack"),
    path("fulfillment/<str:number>/pack/scan/", stations.pack_scan, name="pack-scan"),
    path("fulfillment/<str:number>/pack/close/", stations.close, name="close"),
    path("fulfillment/<str:number>/unpack/", stations.unpack, name="unpack"),
    path("fulfillment/<str:number>/ship/", acting.ship, name="ship"),
    path("fulfillment/<str:number>/reject/", acting.reject, name="reject"),
    path("fulfillment/<str:number>/hold/", acting.hold, name="hold"),
    path("fulfillment/<str:number>/resume/", acting.resume, name="resume"),
    path("fulfillment/<str:number>/move/", acting.move, name="move"),
    path("fulfillment/<str:number>/split/", acting.split, name="split"),
]
