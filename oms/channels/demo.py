"""Where the tea house's orders come from."""

from oms.channels.models import ApiKey, Channel
from oms.channels.principals import ChannelPrincipal
from oms.channels.services.keys import PREFIX, _digest
from oms.channels.states import DEFAULT_SCOPES, Scope, StockPolicy
from oms.core.demo import SLUG, Demo, api_key

MARKET, SOCIAL, EXPORT = "leaf-market", "social", "tea-house-us"
CHANNELS = (
    (SLUG, "Tea House web shop", StockPolicy.BACKORDER, "manual"),
    (MARKET, "Leaf & Kettle marketplace", StockPolicy.REFUSE, "manual"),
    (SOCIAL, "Social shop", StockPolicy.BACKORDER, "stripe"),
    (EXPORT, "Tea House USA", StockPolicy.BACKORDER, "manual"),
)


def channels(demo: Demo) -> None:
    """The web shop with a key for everything, the others with keys for orders; always the same."""
    for slug, name, policy, gateway in CHANNELS:
        channel, _ = Channel.objects.get_or_create(
            slug=slug,
            defaults={"name": name, "stock_policy": policy, "payment_gateway": gateway},
        )
        key = api_key(slug)
        scopes = list(Scope.values) if slug == SLUG else [str(each) for each in DEFAULT_SCOPES]
        ApiKey.objects.get_or_create(
            prefix=key[:PREFIX],
            digest=_digest(key),
            defaults={"channel": channel, "scopes": scopes},
        )
    demo.api_key = api_key(SLUG)


def principal(slug: str) -> ChannelPrincipal:
    """Return a channel of the demo as its orders need it."""
    found = Channel.objects.get(slug=slug)
    return found.confirmed
