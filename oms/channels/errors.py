from dataclasses import dataclass

from oms.core.errors import Conflict, Forbidden, Invalid, Missing, Unavailable


@dataclass(eq=False)
class ChannelExists(Conflict):
    slug: str

    message = "There is a channel {slug} already."


@dataclass(eq=False)
class ChannelNotFound(Missing):
    slug: str

    message = "There is no channel {slug}."


@dataclass(eq=False)
class SecretUnfit(Invalid):
    message = "A secret is one line of printable characters, 4096 bytes at most."


@dataclass(eq=False)
class SecretNotFound(Missing):
    channel: str

    message = "{channel} has no such secret in force."


@dataclass(eq=False)
class LastSecret(Conflict):
    """A channel without a secret could prove nothing it sends."""

    channel: str

    message = "This is what {channel} signs with now: add another, then this one ends."


@dataclass(eq=False)
class ConnectionIncomplete(Invalid):
    channel: str
    missing: list[str]

    message = "{channel} cannot be called without {missing}."


@dataclass(eq=False)
class KeyNotFound(Missing):
    prefix: str

    message = "There is no key {prefix}… in force."


@dataclass(eq=False)
class TooManyRows(Invalid):
    most: int

    message = "More than {most} rows: divide it, or bring it in with the command import_data."


@dataclass(eq=False)
class FileNotFound(Missing):
    number: str

    message = "There is no file {number}."


@dataclass(eq=False)
class FileUnderWay(Conflict):
    """The same bytes are on their way already."""

    number: str
    by: str

    message = "The same file is on its way already: {number}, brought by {by}."


@dataclass(eq=False)
class FileGone(Conflict):
    """It was of people, and its time was over."""

    number: str

    message = "The rows of {number} are not kept any more."


@dataclass(eq=False)
class ColumnsMissing(Invalid):
    columns: list[str]

    message = "Nothing says {columns}."


@dataclass(eq=False)
class RowsBad(Conflict):
    """It was not said that the others come in alone."""

    bad: int

    message = "{bad} rows are bad: mend them, or bring in the others alone."


@dataclass(eq=False)
class UnknownScope(Invalid):
    scopes: list[str]
    known: list[str]

    message = "No such scope: {scopes}. Known are {known}."


@dataclass(eq=False)
class ScopeMissing(Forbidden):
    scope: str

    message = "This key lacks the scope {scope}."


@dataclass(eq=False)
class PermissionMissing(Forbidden):
    """A person's key does what its owner may do, and no more."""

    permission: str

    message = "The owner of this key may not do this: it takes the permission {permission}."


@dataclass(eq=False)
class ChannelKeyNeeded(Forbidden):
    """Placing orders is for channels: an order belongs to one."""

    message = "Use the API key of a channel."


@dataclass(eq=False)
class KeyMissing(Invalid):
    message = "Every POST that creates needs an Idempotency-Key header (1 to 255 characters)."


@dataclass(eq=False)
class KeyMalformed(Invalid):
    message = "Idempotency-Key must be 1 to 255 printable ASCII characters, sent once."


@dataclass(eq=False)
class KeyReused(Conflict):
    """The same key came with another request; it is the one refusal that is answered 422."""

    first_request: str

    message = "This Idempotency-Key was used for another request ({first_request})."

    @property
    def status(self) -> int:
        return 422


@dataclass(eq=False)
class TooManyRequests(Unavailable):
    """One channel calls more often than was agreed; it is answered 429, the others go on."""

    channel: str
    limit: int
    retry_after: int

    message = "{channel} may call {limit} times a minute: try again in {retry_after} s."

    @property
    def status(self) -> int:
        return 429


@dataclass(eq=False)
class StillInProgress(Unavailable):
    message = "The first request with this Idempotency-Key is still being answered."


@dataclass(eq=False)
class SignatureInvalid(Forbidden):
    """Nothing proves that the channel sent this."""

    channel: str
    reason: str

    message = "This is not proven to come from {channel}. {reason}"

    @property
    def status(self) -> int:
        return 401


@dataclass(eq=False)
class Stale(Forbidden):
    """It is proven, and too old or from the future: somebody may be playing it back."""

    channel: str
    reason: str

    message = "{reason}"

    @property
    def status(self) -> int:
        return 401


@dataclass(eq=False)
class MessageDiffers(Conflict):
    """The channel gave one id to two messages."""

    number: str
    message_id: str

    message = "The message {message_id} came before with another body: it is {number}."


@dataclass(eq=False)
class InboundMessageNotFound(Missing):
    number: str

    message = "There is no message {number}."


@dataclass(eq=False)
class MessageGone(Conflict):
    """Its body was of people, and its time was over."""

    number: str

    message = "The body of {number} is not kept any more."
