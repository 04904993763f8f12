"""The staff screens, and the customer's own page."""

from django.urls import path, re_path

from orders.views import (
    acting,
    changing,
    following,
    holds,
    listing,
    placing,
    repeating,
    showing,
    status,
)
from orders.views.subscriptions import acting as subscribed
from orders.views.subscriptions import listing as subscriptions
from orders.views.subscriptions import own
from orders.views.subscriptions import showing as subscription

app_name = "orders"

urlpatterns = [
    path("orders/", listing.order_list, name="list"),
    path("orders/new/", placing.new, name="new"),
    re_path(r"^orders/export\.(?P<form>csv|xlsx)$", listing.export, name="export"),
    path("orders/bulk/", listing.bulk, name="bulk"),
    path("orders/holds/", holds.holds, name="holds"),
    path("orders/holds/release/", holds.release_many, name="release-many"),
    path("orders/unknown-skus/", following.unknown, name="unknown-skus"),
    path("orders/unknown-skus/match/", following.match, name="match-sku"),
    path("orders/channel-skus/", following.kept_skus, name="channel-skus"),
    path("orders/channel-skus/forget/", following.forget, name="forget-sku"),
    path("orders/repeats/", repeating.repeats, name="repeats"),
    path("orders/repeats/<str:verb>/", repeating.settle, name="settle-repeat"),
    path("orders/channel-orders/", following.behind, name="channel-orders"),
    path("orders/channel-orders/<str:verb>/", following.settle, name="settle-channel-order"),
    path("orders/<str:number>/", showing.detail, name="detail"),
    path("orders/<str:number>/change/", changing.change, name="change"),
    path("orders/<str:number>/changes/<str:change>/", changing.preview, name="change-preview"),
    path(
        "orders/<str:number>/changes/<str:change>/discard/",
        changing.discard,
        name="change-discard",
    ),
    path("orders/<str:number>/cancel/", acting.cancel, name="cancel"),
    path("orders/<str:number>/hold/", acting.hold, name="hold"),
    path("orders/<str:number>/release/<str:kind>/", acting.release, name="release"),
    path("orders/<str:number>/priority/", acting.prioritize, name="priority"),
    path("orders/<str:number>/note/", acting.note, name="note"),
    path("orders/<str:number>/resend-confirmation/", acting.resend, name="resend"),
    path("orders/<str:number>/revoke-link/", acting.revoke_link, name="revoke-link"),
    path("s/", status.mine, name="status-mine"),
    path("s/order/<str:number>/", status.page, name="status"),
    path("s/order/<str:number>/live/", status.live, name="status-live"),
    path("s/order/<str:number>/cancel/", status.cancel, name="status-cancel"),
    path("s/order/<str:number>/address/", status.address, name="status-address"),
    path("s/order/<str:number>/return/", status.start_return, name="status-return"),
    path("subscriptions/", subscriptions.subscription_list, name="subscriptions"),
    path("subscriptions/new/", subscription.new, name="subscription-new"),
    path("subscriptions/upcoming/", subscriptions.upcoming, name="subscriptions-upcoming"),
    path("subscriptions/<str:number>/", subscription.detail, name="subscription"),
    *(
        path(f"subscriptions/<str:number>/{name}/", view, name=f"subscription-{name}")
        for name, view in (
            ("pause", subscribed.pause),
            ("resume", subscribed.resume),
            ("skip", subscribed.skip),
            ("unskip", subscribed.unskip),
            ("cancel", subscribed.cancel),
            ("content", subscribed.content),
            ("address", subscribed.address),
            ("rhythm", subscribed.rhythm),
            ("account", subscribed.account),
            ("retry", subscribed.retry),
            ("revoke-link", subscribed.revoke),
        )
    ),
    path(
        "subscriptions/<str:number>/deliveries/<int:index>/payment/",
        subscribed.payment,
        name="subscription-payment",
    ),
    path("s/subscription/open/<str:token>", own.enter, name="my-subscription-enter"),
    path("s/subscription/<str:number>/", own.page, name="my-subscription"),
    *(
        path(f"s/subscription/<str:number>/{name}/", view, name=f"my-subscription-{name}")
        for name, view in (
            ("pause", own.pause),
            ("resume", own.resume),
            ("skip", own.skip),
            ("unskip", own.unskip),
            ("content", own.content),
            ("address", own.address),
            ("rhythm", own.rhythm),
            ("cancel", own.cancel),
        )
    ),
    path("s/<str:token>", status.enter, name="status-enter"),
]
