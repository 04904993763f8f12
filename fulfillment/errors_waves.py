"""What waves, and paper, say no to."""

from dataclasses import dataclass

from oms.core.errors import Conflict, Invalid, Missing


@dataclass(eq=False)
class WaveNotFound(Missing):
    number: str

    message = "There is no wave {number}."


@dataclass(eq=False)
class NotFree(Conflict):
    """Somebody was quicker, or something keeps the work from being picked."""

    numbers: list[str]

    message = "Not to be had any more: {numbers}. They are in another wave, held, or picked."


@dataclass(eq=False)
class NothingToPick(Invalid):
    location: str

    message = "No work at {location} fits: nothing is there to make a wave of."


@dataclass(eq=False)
class WaveTooLarge(Invalid):
    orders: int
    most: int

    message = "{orders} orders are too many for one walk: {most} at most."


@dataclass(eq=False)
class NotInWave(Conflict):
    """The order is not, or no longer, part of this walk."""

    number: str
    fulfillment_order: str

    message = "{fulfillment_order} is not in {number} any more."


@dataclass(eq=False)
class AnothersWave(Conflict):
    """Somebody else walks it."""

    number: str
    picker: str

    message = "{number} is picked by {picker}. Take it over first."


@dataclass(eq=False)
class CannotPickHere(Invalid):
    picker: str
    location: str

    message = "{picker} does not pick at {location}."


@dataclass(eq=False)
class WrongTote(Conflict):
    """The units belong into another tote."""

    number: str
    scanned: str
    expected: str

    message = "{scanned} is the wrong tote: this goes into {expected}."


@dataclass(eq=False)
class ToteInUse(Conflict):
    tote: str
    fulfillment_order: str

    message = "Tote {tote} holds {fulfillment_order}. Take an empty one."


@dataclass(eq=False)
class NotOnThisWalk(Conflict):
    """Nothing of what was scanned is to be picked in this wave."""

    number: str
    scanned: str
    item: str

    message = "{item} is not to be picked in {number}. Put it back."


@dataclass(eq=False)
class OtherPlaces(Invalid):
    """Waves are merged at one location, and of one kind."""

    numbers: list[str]

    message = "{numbers} cannot be merged: they are of different places or zones."


@dataclass(eq=False)
class PrintRunNotFound(Missing):
    number: str

    message = "There is no print run {number}."


@dataclass(eq=False)
class NothingToPrint(Invalid):
    location: str

    message = "Nothing of this is at {location}: there is nothing to print."


@dataclass(eq=False)
class TooMuchPaper(Invalid):
    documents: int
    most: int

    message = "{documents} documents are too many for one run: {most} at most."


@dataclass(eq=False)
class PaperNotReady(Conflict):
    number: str
    nth: int

    message = "Part {nth} of {number} is not there to be printed."


@dataclass(eq=False)
class NotATote(Invalid):
    """An item or a bin was scanned where the label of a tote is asked for."""

    scanned: str

    message = "{scanned} is no tote. Scan the label of an empty one."


@dataclass(eq=False)
class SerialNeeded(Invalid):
    """Each of these units has a number of its own, which is to be scanned."""

    item: str

    message = "Scan the serial number of {item}, not its barcode."
