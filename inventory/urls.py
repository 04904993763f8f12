"""The staff screens, and the supplier's page."""

from django.urls import path

from inventory.views import (
    bins,
    buffers,
    delivery,
    lots,
    replenishment,
    scan,
    shelves,
    stock,
    suppliers,
    transfer_moves,
    transfers,
    vendor,
)

app_name = "inventory"

urlpatterns = [
    path("inventory/", stock.stock, name="stock"),
    path("inventory/buffers/", buffers.buffer_list, name="buffers"),
    path("inventory/buffers/set/", buffers.set_buffer, name="buffer-set"),
    path("inventory/buffers/<int:pk>/drop/", buffers.drop_buffer, name="buffer-drop"),
    path("inventory/scan/", scan.home, name="scan"),
    path("inventory/scan/<str:task>/", scan.station, name="scan-station"),
    path("inventory/put-away/", shelves.put_away, name="put-away"),
    path("inventory/stock-by-bin.csv", shelves.stock_file, name="stock-file"),
    path("inventory/bins.csv", shelves.bins_file, name="bins-file"),
    path("inventory/bins/", bins.bin_list, name="bins"),
    path("inventory/bins/<str:location>/new/", bins.bin, name="bin-new"),
    path("inventory/bins/<str:location>/zones/new/", bins.zone, name="zone-new"),
    path("inventory/bins/<str:location>/zones/<str:code>/", bins.zone, name="zone"),
    path("inventory/bins/<str:location>/bin/<path:code>/", bins.bin, name="bin"),
    path("inventory/lots/", lots.lot_list, name="lots"),
    path("inventory/lots/<int:pk>/", lots.lot, name="lot"),
    path("inventory/lots/<int:pk>/block/", lots.block, name="lot-block"),
    *(
        path(f"inventory/<path:code>/{verb}/", shelves.act, {"verb": verb}, name=verb)
        for verb in shelves.ACTS
    ),
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
    path("transfers/", transfers.transfer_list, name="transfers"),
    path("transfers/new/", transfers.new, name="transfer-new"),
    path("transfers/<str:number>/", transfers.transfer, name="transfer"),
    path("transfers/<str:number>/ship/", transfer_moves.ship, name="transfer-ship"),
    path("transfers/<str:number>/receive/", transfer_moves.receive, name="transfer-receive"),
    path("transfers/<str:number>/close/", transfers.close, name="transfer-close"),
    path("transfers/<str:number>/cancel/", transfers.cancel, name="transfer-cancel"),
    path("supplier/<str:token>", vendor.commit, name="vendor"),
]
