"""What changes the catalog."""

from oms.catalog.services.kits import set_kit

__all__ = ["set_kit"]
