"""The staff screens."""

from django.urls import path

from inventory.views import stock

app_name = "inventory"

urlpatterns = [
    path("inventory/", stock.stock, name="stock"),
    path("inventory/<path:code>/adjust/", stock.adjust, name="adjust"),
    path("inventory/<path:code>/receive/", stock.receive, name="receive"),
    path("inventory/<path:code>/", stock.sku, name="sku"),
]
