"""The staff screens."""

from django.urls import path

from fulfillment.views import (
    acting,
    backorders,
    carriage,
    counter,
    queue,
    reallocations,
    showing,
    stations,
)

app_name = "fulfillment"

urlpatterns = [
    path("backorders/", backorders.queue_list, name="backorders"),
    path("backorders/file/", backorders.queue_file, name="backorders-file"),
    path("backorders/policy/", backorders.policy, name="queue-policy"),
    path("backorders/moves/", reallocations.reallocation_list, name="reallocations"),
    path("backorders/moves/<str:number>/", reallocations.reallocation, name="reallocation"),
    path("backorders/moves/<str:number>/undo/", reallocations.undo, name="reallocation-undo"),
    path("backorders/sku/<str:code>/", backorders.queue, name="backorder-queue"),
    path("backorders/sku/<str:code>/policy/", backorders.policy, name="sku-policy"),
    path("backorders/sku/<str:code>/move/", reallocations.move, name="reallocate"),
    path("fulfillment/", queue.queue, name="queue"),
    path("fulfillment/release/", queue.release_many, name="release-many"),
    path("fulfillment/shipments/", showing.shipment_list, name="shipments"),
    path("fulfillment/shipments/<str:number>/", showing.shipment, name="shipment"),
    path("fulfillment/services/", carriage.service_list, name="services"),
    path("fulfillment/services/new/", carriage.new_service, name="service-new"),
    path("fulfillment/services/<str:code>/", carriage.service, name="service"),
    path("fulfillment/services/<str:code>/remove-rate/", carriage.remove_rate, name="remove-rate"),
    path("fulfillment/services/<str:code>/rate/", carriage.rate, name="rate"),
    path("fulfillment/rates.csv", carriage.rates_file, name="rates-file"),
    path("fulfillment/boxes/new/", carriage.box, name="box-new"),
    path("fulfillment/boxes/<str:code>/", carriage.box, name="box"),
    path("fulfillment/pickups/", counter.pickups, name="pickups"),
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
    path("fulfillment/<str:number>/hand-over/", counter.hand_over, name="hand-over"),
    path("fulfillment/<str:number>/reject/", acting.reject, name="reject"),
    path("fulfillment/<str:number>/hold/", acting.hold, name="hold"),
    path("fulfillment/<str:number>/resume/", acting.resume, name="resume"),
    path("fulfillment/<str:number>/move/", acting.move, name="move"),
    path("fulfillment/<str:number>/split/", acting.split, name="split"),
    path("fulfillment/<str:number>/merge/", acting.merge, name="merge"),
]
