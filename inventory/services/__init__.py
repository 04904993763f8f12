"""What other apps may ask of inventory."""

from inventory.services.adjusting import adjust, transfer
from inventory.services.bins import save_bin, save_zone
from inventory.services.blocking import (
    block_lot,
    quarantine_lot,
    quarantine_unsold,
    unblock_lot,
)
from inventory.services.buffering import set_channel_buffer
from inventory.services.carts import CartWish, change_cart, reserve_cart
from inventory.services.counting import Counted, count_stock
from inventory.services.counts.approving import approve_count, ask_recount, finish_count
from inventory.services.counts.recording import Found, record_count
from inventory.services.counts.requesting import cancel_count, request_count, start_count
from inventory.services.counts.second_person import (
    approve_adjustment,
    correct_stock,
    decline_adjustment,
)
from inventory.services.ending_carts import (
    expire_carts,
    free_lapsed,
    give_cart_back,
    take_over_cart,
)
from inventory.services.exchanging import Exchange, exchange_picked
from inventory.services.foreseeing import (
    lock_carts,
    lock_skus,
    read_supply_ahead,
    supply_ahead,
)
from inventory.services.moving import free_units, hold_units, move_units, scrap_units
from inventory.services.opening import set_calendar
from inventory.services.receiving import Arrival, receive
from inventory.services.reserving import (
    Claim,
    Pick,
    Portion,
    lock_supply,
    pick,
    release,
    reserve,
    ship,
    write_off,
)
from inventory.services.supply.arriving import Count, receive_replenishment
from inventory.services.supply.committing import Answer, Part, commit_replenishment
from inventory.services.supply.digesting import tell_of_shortages
from inventory.services.supply.proposing import propose_replenishment
from inventory.services.supply.replenishing import (
    approve_replenishment,
    cancel_replenishment,
    close_replenishment,
    edit_replenishment,
    remind_supplier,
    revoke_supplier_link,
    send_replenishment,
)
from inventory.services.supply.sending import Load, ship_transfer
from inventory.services.supply.shortage import report_low_stock, report_stock_out
from inventory.services.supply.supplying import save_supplier, save_supply, set_reorder_rules
from inventory.services.telling import tell_availability
from inventory.services.transfers import (
    Wanted,
    cancel_transfer,
    close_transfer,
    request_transfer,
)
from inventory.services.unloading import Came, receive_transfer
from inventory.services.withholding import withhold

__all__ = [
    "Answer",
    "Arrival",
    "Came",
    "CartWish",
    "Claim",
    "Count",
    "Counted",
    "Exchange",
    "Found",
    "Load",
    "Part",
    "Pick",
    "Portion",
    "Wanted",
    "adjust",
    "approve_adjustment",
    "approve_count",
    "approve_replenishment",
    "ask_recount",
    "block_lot",
    "cancel_count",
    "cancel_replenishment",
    "cancel_transfer",
    "change_cart",
    "close_replenishment",
    "close_transfer",
    "commit_replenishment",
    "correct_stock",
    "count_stock",
    "decline_adjustment",
    "edit_replenishment",
    "exchange_picked",
    "expire_carts",
    "finish_count",
    "free_lapsed",
    "free_units",
    "give_cart_back",
    "hold_units",
    "lock_carts",
    "lock_skus",
    "lock_supply",
    "move_units",
    "pick",
    "propose_replenishment",
    "quarantine_lot",
    "quarantine_unsold",
    "read_supply_ahead",
    "receive",
    "receive_replenishment",
    "receive_transfer",
    "record_count",
    "release",
    "remind_supplier",
    "report_low_stock",
    "report_stock_out",
    "request_count",
    "request_transfer",
    "reserve",
    "reserve_cart",
    "revoke_supplier_link",
    "save_bin",
    "save_supplier",
    "save_supply",
    "save_zone",
    "scrap_units",
    "send_replenishment",
    "set_calendar",
    "set_channel_buffer",
    "set_reorder_rules",
    "ship",
    "ship_transfer",
    "start_count",
    "supply_ahead",
    "take_over_cart",
    "tell_availability",
    "tell_of_shortages",
    "transfer",
    "unblock_lot",
    "withhold",
    "write_off",
]
