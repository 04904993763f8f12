from dataclasses import dataclass

from oms.core.errors import Invalid


@dataclass(eq=False)
class UnknownSku(Invalid):
    """An order or movement names SKUs that are not in the catalog."""

    skus: list[str]

    message = "Not in the catalog: {skus}."
