"""Where the tea house's orders come from."""

from oms.channels.models import ApiKey, Channel
from oms.channels.services.keys import PREFIX, _digest
from oms.channels.states import Scope
from oms.core.demo import SLUG, Demo, api_key


def channels(demo: Demo) -> None:
    """A web shop with a key for everything, the same at every run."""
    channel, _ = Channel.objects.get_or_create(slug=SLUG, defaults={"name": "Tea House web shop"})
    demo.api_key = api_key(SLUG)
    ApiKey.objects.get_or_create(
        prefix=demo.api_key[:PREFIX],
        digest=_digest(demo.api_key),
        defaults={"channel": channel, "scopes": list(Scope.values)},
    )
