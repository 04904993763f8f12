"""The staff screens."""

from django.urls import path

from inventory import views

app_name = "inventory"

urlpatterns = [
    path("inventory/", views.stock, name="stock"),
    path("inventory/<path:code>/adjust/", views.adjust, name="adjust"),
    path("inventory/<path:code>/receive/", views.receive, name="receive"),
    path("inventory/<path:code>/", views.sku, name="sku"),
]
