from dataclasses import dataclass

from oms.core.errors import Conflict, Invalid


@dataclass(eq=False)
class UnknownSku(Invalid):
    """An order or movement names SKUs that are not in the catalog."""

    skus: list[str]

    message = "Not in the catalog: {skus}."


@dataclass(eq=False)
class KitInKit(Invalid):
    """A kit is made of plain SKUs: never of kits, never of itself."""

    kit: str
    skus: list[str]

    message = "{kit} cannot hold {skus}: a kit is made of SKUs that are no kits."


@dataclass(eq=False)
class PartOfKits(Conflict):
    """A component of kits cannot become a kit."""

    sku: str
    kits: list[str]

    message = "{sku} is part of {kits}, and a kit holds no kits."


@dataclass(eq=False)
class KitTooLarge(Invalid):
    kit: str
    most: int

    message = "{kit} names more than {most} SKUs."


@dataclass(eq=False)
class KitHasNoStock(Conflict):
    """A kit lies nowhere: what is done to stock is done to its components."""

    skus: list[str]

    message = "{skus}: a kit has no stock of its own. Name its components."
