"""The desk of channels, for staff."""

from django.urls import path

from orders.views.channels import agreeing, proving, showing

app_name = "channels"
urlpatterns = [
    path("channels/", showing.channel_list, name="list"),
    path("channels/new/", agreeing.new, name="new"),
    path("channels/keys/", proving.key_list, name="keys"),
    path("channels/keys/<str:prefix>/rotate/", proving.rotate_key, name="rotate-key"),
    path("channels/keys/<str:prefix>/end/", proving.end_key, name="end-key"),
    path("channels/<slug:slug>/", showing.detail, name="detail"),
    path("channels/<slug:slug>/settings/", agreeing.terms, name="settings"),
    path("channels/<slug:slug>/connection/", agreeing.connection, name="connection"),
    path("channels/<slug:slug>/keys/new/", proving.new_key, name="new-key"),
    path("channels/<slug:slug>/secrets/new/", proving.new_secret, name="new-secret"),
    path(
        "channels/<slug:slug>/secrets/<int:secret_id>/end/", proving.end_secret, name="end-secret"
    ),
]
