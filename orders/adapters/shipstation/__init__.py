"""ShipStation's custom store format: orders as XML, which a store exports or has posted to us."""

from orders.adapters.shipstation.adapter import ShipStation

__all__ = ["ShipStation"]
