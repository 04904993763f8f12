"""The staff screens, and the customers' way to start a return."""

from django.urls import path

from returns.views import acting, listing, portal, settling, showing, warehouse

app_name = "returns"

urlpatterns = [
    path("returns/", listing.return_list, name="list"),
    path("returns/new/", acting.new, name="new"),
    path("returns/start/", portal.start, name="start"),
    path("returns/start/<str:order>/", portal.choose, name="choose"),
    path("returns/start/<str:order>/<str:number>/", portal.done, name="started"),
    path("returns/<str:number>/", showing.detail, name="detail"),
    path("returns/<str:number>/approve/", acting.approve, name="approve"),
    path("returns/<str:number>/decline/", acting.decline, name="decline"),
    path("returns/<str:number>/cancel/", acting.cancel, name="cancel"),
    path("returns/<str:number>/receive/", warehouse.receive, name="receive"),
    path("returns/<str:number>/inspect/", warehouse.inspect, name="inspect"),
    path("returns/<str:number>/settle/", settling.settle, name="settle"),
    path(
        "returns/<str:number>/refund-again/<str:refund>/",
        settling.refund_again,
        name="refund-again",
    ),
]
