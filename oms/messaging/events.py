"""The facts the post office makes known: who changed what is told, how, and where it goes."""

from dataclasses import dataclass

from oms.core.events import Event


@dataclass(frozen=True, kw_only=True)
class WebhookEndpointAdded(Event):
    name = "webhook_endpoint.added"
    url: str
    types: list[str]
    channel: str


@dataclass(frozen=True, kw_only=True)
class WebhookEndpointChanged(Event):
    name = "webhook_endpoint.changed"
    url: str
    types: list[str]


@dataclass(frozen=True, kw_only=True)
class WebhookEndpointEnabled(Event):
    name = "webhook_endpoint.enabled"


@dataclass(frozen=True, kw_only=True)
class WebhookEndpointDisabled(Event):
    """It is not called any more; `given_up` deliveries were waiting."""

    name = "webhook_endpoint.disabled"
    reason: str
    given_up: int


@dataclass(frozen=True, kw_only=True)
class WebhookEndpointRemoved(Event):
    name = "webhook_endpoint.removed"


@dataclass(frozen=True, kw_only=True)
class WebhookEndpointSecretRotated(Event):
    name = "webhook_endpoint.secret_rotated"


@dataclass(frozen=True, kw_only=True)
class WebhookEndpointReplayed(Event):
    """Events are sent again, or for the first time, since somebody asked for it."""

    name = "webhook_endpoint.replayed"
    count: int


@dataclass(frozen=True, kw_only=True)
class LetterReworded(Event):
    """A letter says something else from now on; `is_default`: what its file says."""

    name = "letter.reworded"
    language: str
    version: int
    is_default: bool = False


@dataclass(frozen=True, kw_only=True)
class LetterSwitched(Event):
    """A letter goes out by this medium from now on, or no longer."""

    name = "letter.switched"
    medium: str
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class MessageResent(Event):
    """A person had a message sent once more, as it was."""

    name = "message.resent"
    title: str
    medium: str


@dataclass(frozen=True, kw_only=True)
class TeamChatChanged(Event):
    """Notices of a team are posted to another chat room from now on, or to none."""

    name = "team_chat.changed"
    is_on: bool
