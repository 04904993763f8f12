"""The staff screens, and the supplier's page."""

from django.urls import path

from inventory.views import buffers, delivery, replenishment, stock, suppliers, vendor

app_name = "inventory"

urlpatterns = [
    path("inventory/", stock.stock, name="stock"),
    path("inventory/buffers/", buffers.buffer_list, name="buffers"),
    path("inventory/buffers/set/", buffers.set_buffer, name="buffer-set"),
    path("inventory/buffers/<int:pk>/drop/", buffers.drop_buffer, name="buffer-drop"),
    path("inventory/<path:code>/adjust/", stock.adjust, name="adjust"),
    path("inventory/<path:code>/receive/", stock.receive, name="receive"),
    path("inventory/<path:code>/reorder/", stock.reorder, name="reorder"),
    path("inventory/<path:code>/", stock.sku, name="sku"),
    path("supply/", replenishment.replenishment_list, name="supply"),
    path("supply/propose/", replenishment.propose, name="propose"),
    path("supply/shortages/", suppliers.shortages, name="shortages"),
    path("supply/suppliers/", suppliers.supplier_list, name="suppliers"),
    path("supply/suppliers/new/", suppliers.edit_supplier, name="supplier-new"),
    path("supply/suppliers/<str:code>/", suppliers.supplier, name="supplier"),
    path("supply/suppliers/<str:code>/edit/", suppliers.edit_supplier, name="supplier-edit"),
    path("supply/suppliers/<str:code>/supplies/", suppliers.supply, name="supply-edit"),
    path("supply/<str:number>/", replenishment.replenishment, name="replenishment"),
    path("supply/<str:number>/edit/", replenishment.edit, name="replenishment-edit"),
    path("supply/<str:number>/approve/", replenishment.approve, name="replenishment-approve"),
    path("supply/<str:number>/send/", replenishment.send, name="replenishment-send"),
    path("supply/<str:number>/remind/", replenishment.remind, name="replenishment-remind"),
    path("supply/<str:number>/revoke/", replenishment.revoke_link, name="replenishment-revoke"),
    path("supply/<str:number>/receive/", delivery.receive, name="replenishment-receive"),
    path("supply/<str:number>/close/", replenishment.close, name="replenishment-close"),
    path("supply/<str:number>/cancel/", replenishment.cancel, name="replenishment-cancel"),
    path("supply/<str:number>/order.pdf", replenishment.paper, name="replenishment-paper"),
    path("supplier/<str:token>", vendor.commit, name="vendor"),
]
