"""What staff and suppliers may say, checked for shape."""

from inventory.forms.buying import EditForm, ReasonForm, SupplierForm, SupplyForm
from inventory.forms.delivery import DeliveryForm
from inventory.forms.kits import KitForm
from inventory.forms.moving import (
    BinForm,
    BlockForm,
    FreeForm,
    HoldForm,
    KnownBinForm,
    MoveForm,
    ScrapForm,
    UnblockForm,
    UnitsForm,
    ZoneForm,
)
from inventory.forms.opening import CalendarForm
from inventory.forms.promising import ChannelBufferForm
from inventory.forms.releasing import ReleaseForm
from inventory.forms.stock import AdjustForm, ReceiveForm, ReorderForm
from inventory.forms.transfers import ArrivalForm, ShipForm, TransferForm
from inventory.forms.vendor import VendorForm

__all__ = [
    "AdjustForm",
    "ArrivalForm",
    "BinForm",
    "BlockForm",
    "CalendarForm",
    "ChannelBufferForm",
    "DeliveryForm",
    "EditForm",
    "FreeForm",
    "HoldForm",
    "KitForm",
    "KnownBinForm",
    "MoveForm",
    "ReasonForm",
    "ReceiveForm",
    "ReleaseForm",
    "ReorderForm",
    "ScrapForm",
    "ShipForm",
    "SupplierForm",
    "SupplyForm",
    "TransferForm",
    "UnblockForm",
    "UnitsForm",
    "VendorForm",
    "ZoneForm",
]
