"""What staff and suppliers may say, checked for shape."""

from inventory.forms.buying import EditForm, ReasonForm, SupplierForm, SupplyForm
from inventory.forms.delivery import DeliveryForm
from inventory.forms.promising import ChannelBufferForm
from inventory.forms.stock import AdjustForm, ReceiveForm, ReorderForm
from inventory.forms.vendor import VendorForm

__all__ = [
    "AdjustForm",
    "ChannelBufferForm",
    "DeliveryForm",
    "EditForm",
    "ReasonForm",
    "ReceiveForm",
    "ReorderForm",
    "SupplierForm",
    "SupplyForm",
    "VendorForm",
]
