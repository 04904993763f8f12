"""What changes the catalog."""

from oms.catalog.services.kits import MOST_COMPONENTS, MOST_OF_ONE, set_kit
from oms.catalog.services.releases import set_release_date

__all__ = ["MOST_COMPONENTS", "MOST_OF_ONE", "set_kit", "set_release_date"]
