"""How the packing table says no."""

from dataclasses import dataclass

from oms.core.errors import Conflict, Invalid


@dataclass(eq=False)
class WrongItem(Conflict):
    """The unit in hand belongs to something else."""

    number: str
    scanned: str
    item: str

    message = "{item} is not in {number}. Put it aside and scan the next unit."


@dataclass(eq=False)
class UnknownCode(Invalid):
    number: str
    scanned: str

    message = "No SKU has the code {scanned}. Put the unit aside and scan again."


@dataclass(eq=False)
class CaseScanned(Invalid):
    """The label of a case whose number does not say how many units are inside."""

    number: str
    scanned: str
    item: str

    message = "This is a case of {item}, and does not say of how many. Open it and scan a unit."


@dataclass(eq=False)
class ExtraUnit(Conflict):
    """Everything asked for of this SKU is done; the unit in hand is one too many."""

    number: str
    sku: str
    item: str
    wanted: int

    message = "{item}, {wanted} of {wanted}: that was all. Put this one back."


@dataclass(eq=False)
class LotNeeded(Invalid):
    """A tracked unit was scanned; which one it is says its second label."""

    number: str
    sku: str
    item: str
    label: str

    message = "{item}: now scan its {label}."


@dataclass(eq=False)
class WrongLot(Conflict):
    """This unit was not picked for this work, and does not lie free here either."""

    number: str
    item: str
    lot: str
    picked: list[str]

    message = "{lot} of {item} is not for {number}. Put it aside; picked were {picked}."


@dataclass(eq=False)
class LotNotForSale(Conflict):
    number: str
    item: str
    lot: str
    why: str

    message = "{lot} of {item} is {why}. Put it aside, it must not leave."


@dataclass(eq=False)
class SerialPacked(Conflict):
    """A serial number is one unit, and it is in a package already."""

    item: str
    serial: str
    where: str

    message = "{item} with the serial number {serial} is in {where} already."


@dataclass(eq=False)
class WeightDiffers(Conflict):
    """The scale says something else than what is in the package weighs."""

    number: str
    weighed_g: int
    expected_g: int
    within_g: int

    message = (
        "The scale says {weighed_g} g, {expected_g} g were expected (within {within_g} g). Count "
        "again, or say why."
    )


@dataclass(eq=False)
class NotInPackage(Conflict):
    number: str
    scanned: str

    message = "The open package of {number} holds no {scanned}."


@dataclass(eq=False)
class NothingToTakeOut(Conflict):
    """Undo was scanned, and nothing was put in here since."""

    number: str

    message = "There is no scan to take back."


@dataclass(eq=False)
class PackageIsEmpty(Conflict):
    number: str

    message = "{number} has no open package with units in it: scan a unit first."


@dataclass(eq=False)
class LeftToPack(Conflict):
    """Units were picked and are in no package."""

    number: str
    left: dict[str, int]

    message = "{number}: picked units are in no package yet: {left}."
