"""What each kind of channel needs so that it can call us and we can call it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oms.channels.states import Adapter


@dataclass(frozen=True)
class Asked:
    """One thing to enter: its name in the connection, and how it is called on the screen."""

    name: str
    label: str | Promise
    help: str | Promise = ""
    is_switch: bool = False
    """On is kept as `yes`, off as nothing."""


@dataclass(frozen=True)
class Wiring:
    """How a kind of channel is connected, both ways.

    `steps` is what to do in the channel, in order; `topics` what to subscribe to there, in its own
    words. `credentials` are sealed, `options` are not. `secret` says whose word the webhook secret
    is; empty where nothing is signed with one.
    """

    base_url: str | Promise
    steps: tuple[str | Promise, ...]
    topics: tuple[str, ...] = ()
    secret: str | Promise = ""
    credentials: tuple[Asked, ...] = ()
    options: tuple[Asked, ...] = ()

    @property
    def is_called(self) -> bool:
        """Whether we call this kind of channel, beyond webhooks."""
        return bool(self.credentials)


LETTERS = Asked(
    "notify_customer",
    _("The shop writes to customers of parcels too"),
    _("Our own letters go in any case."),
    is_switch=True,
)

WIRING: dict[str, Wiring] = {
    Adapter.NATIVE: Wiring(
        base_url="",
        steps=(
            _("Send orders to the API with the channel's key: POST /api/v1/orders/."),
            _("Or post them, signed with the webhook secret, to the address below."),
        ),
        secret=_("Signs what is posted to the address below (Standard Webhooks)."),
    ),
    Adapter.SHOPIFY: Wiring(
        base_url="https://your-shop.myshopify.com",
        steps=(
            _("In the Shopify admin, make a custom app that may read and write orders and stock."),
            _("Its client secret is the webhook secret here, its access token the connection."),
            _("Subscribe the topics below to the address below, as JSON."),
        ),
        topics=(
            "orders/create",
            "orders/updated",
            "orders/edited",
            "orders/paid",
            "orders/cancelled",
            "orders/fulfilled",
            "orders/partially_fulfilled",
            "orders/delete",
            "refunds/create",
            "fulfillments/create",
            "fulfillments/update",
            "order_transactions/create",
            "fulfillment_orders/cancellation_request_submitted",
        ),
        secret=_("The app's client secret: Shopify signs its webhooks with it."),
        credentials=(Asked("access_token", _("Access token"), _("Begins with shpat_.")),),
        options=(
            Asked("api_version", _("API version"), _("Such as 2026-10.")),
            Asked("location_id", _("Location in Shopify"), _("Whose stock figures we set there.")),
            LETTERS,
        ),
    ),
    Adapter.WOOCOMMERCE: Wiring(
        base_url="https://shop.example",
        steps=(
            _("In WooCommerce, Settings, Advanced, Webhooks: add one for each topic below."),
            _("Delivery URL is the address below, secret is the webhook secret."),
            _("Under REST API, make a key that may read and write: it is the connection."),
        ),
        topics=("order.created", "order.updated", "order.deleted", "order.restored"),
        secret=_("Entered in WooCommerce with each webhook, which signs with it."),
        credentials=(
            Asked("consumer_key", _("Consumer key"), _("Begins with ck_.")),
            Asked("consumer_secret", _("Consumer secret"), _("Begins with cs_.")),
        ),
        options=(LETTERS,),
    ),
    Adapter.AMAZON: Wiring(
        base_url="https://sellingpartnerapi-eu.amazon.com",
        steps=(
            _("Register a private SP-API application with the roles for orders and inventory."),
            _("Authorize it for the seller account: its three credentials are the connection."),
            _("Have its ORDER_CHANGE notifications, or what fetches orders, post to the address."),
        ),
        topics=("ORDER_CHANGE",),
        secret=_("What forwards the notifications signs them with it."),
        credentials=(
            Asked("client_id", _("LWA client ID")),
            Asked("client_secret", _("LWA client secret")),
            Asked("refresh_token", _("Refresh token"), _("Begins with Atzr|.")),
        ),
        options=(
            Asked("seller_id", _("Seller ID")),
            Asked("marketplace_id", _("Marketplace ID"), _("Such as A1PA6795UKMFR9.")),
            Asked("token_url", _("Token address"), _("https://api.amazon.com/auth/o2/token")),
            Asked("orders_api", _("Orders API"), _("v0; empty for 2026-01-01.")),
        ),
    ),
    Adapter.BIGCOMMERCE: Wiring(
        base_url="https://api.bigcommerce.com/stores/your-store-hash",
        steps=(
            _("In BigCommerce, make a store-level API account for orders and products."),
            _("Enter its access token as the connection."),
            _("Create a webhook for each scope below, with the address as its destination."),
        ),
        topics=(
            "store/order/created",
            "store/order/updated",
            "store/order/statusUpdated",
            "store/order/archived",
            "store/order/refund/created",
            "store/shipment/created",
        ),
        secret=_("The client secret of the API account: webhooks are signed with it."),
        credentials=(Asked("access_token", _("Access token")),),
        options=(
            Asked("location_id", _("Location in BigCommerce"), _("Whose stock figures we set.")),
        ),
    ),
    Adapter.SHIPSTATION: Wiring(
        base_url="https://store.example/shipstation",
        steps=(
            _("Enter the address of the store's custom-store endpoint, with name and password."),
            _("Every five minutes it is asked for orders; it is told of what we ship."),
            _("Or have the store post its export to the address, with a password of its own."),
        ),
        secret=_("What posts orders to us proves itself with it: the password of HTTP Basic."),
        credentials=(
            Asked("username", _("Name at the endpoint")),
            Asked("password", _("Password at the endpoint")),
        ),
    ),
}


def wiring_of(adapter: str) -> Wiring:
    """Return how a kind of channel is connected."""
    return WIRING[Adapter(adapter)]
