"""What changes the catalog."""

from oms.catalog.services.kits import MOST_COMPONENTS, MOST_OF_ONE, set_kit

__all__ = ["MOST_COMPONENTS", "MOST_OF_ONE", "set_kit"]
