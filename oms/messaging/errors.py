"""The ways the post office says no."""

from dataclasses import dataclass

from oms.core.errors import Conflict, Invalid, Missing


@dataclass(eq=False)
class NoticeNotFound(Missing):
    """There is no such notice, or it is another person's."""

    message = "You have no such notice."


@dataclass(eq=False)
class EndpointNotFound(Missing):
    """There is no such endpoint, or it belongs to another channel."""

    endpoint: str

    message = "There is no webhook endpoint {endpoint}."


@dataclass(eq=False)
class EventNotFound(Missing):
    """There is no such event in the feed, or it belongs to another channel."""

    event: str

    message = "There is no event {event}."


@dataclass(eq=False)
class DeliveryNotFound(Missing):
    """There is no such delivery, or it is too old to be kept."""

    message = "This delivery is not kept any more."


@dataclass(eq=False)
class UnknownEventType(Invalid):
    types: list[str]
    known: list[str]

    message = "No such event: {types}. Known are {known}."


@dataclass(eq=False)
class TooManyEndpoints(Conflict):
    most: int

    message = "There are {most} webhook endpoints already: remove one first."


@dataclass(eq=False)
class EndpointIsOff(Conflict):
    endpoint: str

    message = "{endpoint} is switched off: switch it on first."


@dataclass(eq=False)
class LetterNotFound(Missing):
    letter: str

    message = "There is no letter {letter}."


@dataclass(eq=False)
class WordingRefused(Invalid):
    """Words that could not be filled in; `field` is the subject, the text or the SMS."""

    field: str
    line: int
    reason: str

    message = "Line {line}: {reason}"


@dataclass(eq=False)
class WordingNotFound(Missing):
    letter: str
    version: int

    message = "{letter} has no version {version}."


@dataclass(eq=False)
class WordingChanged(Conflict):
    """Somebody else gave the letter other words after these were begun."""

    by: str

    message = "{by} changed this letter meanwhile. Read what it says now, then change that."


@dataclass(eq=False)
class NotAMedium(Invalid):
    letter: str
    medium: str

    message = "{letter} does not go by {medium}."


@dataclass(eq=False)
class MessageNotFound(Missing):
    message = "There is no such message."


@dataclass(eq=False)
class NotSentAgain(Conflict):
    message = "What was posted to a team's chat stands there; it is not sent again."


@dataclass(eq=False)
class NoTeam(Missing):
    role: str

    message = "There is no team {role}."


@dataclass(eq=False)
class NoAddressOfYours(Conflict):
    message = "You have no e-mail address here to send a test to."
