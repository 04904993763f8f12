"""The staff screens, and the customer's own page."""

from django.urls import path

from orders.views import acting, listing, placing, showing, status

app_name = "orders"

urlpatterns = [
    path("orders/", listing.order_list, name="list"),
    path("orders/new/", placing.new, name="new"),
    path("orders/bulk/", listing.bulk, name="bulk"),
    path("orders/<str:number>/", showing.detail, name="detail"),
    path("orders/<str:number>/cancel/", acting.cancel, name="cancel"),
    path("orders/<str:number>/hold/", acting.hold, name="hold"),
    path("orders/<str:number>/release/<str:kind>/", acting.release, name="release"),
    path("orders/<str:number>/note/", acting.note, name="note"),
    path("orders/<str:number>/resend-confirmation/", acting.resend, name="resend"),
    path("orders/<str:number>/revoke-link/", acting.revoke_link, name="revoke-link"),
    path("s/", status.mine, name="status-mine"),
    path("s/order/<str:number>/", status.page, name="status"),
    path("s/order/<str:number>/live/", status.live, name="status-live"),
    path("s/order/<str:number>/cancel/", status.cancel, name="status-cancel"),
    path("s/order/<str:number>/return/", status.start_return, name="status-return"),
    path("s/<str:token>", status.enter, name="status-enter"),
]
