"""What channels speak, what their keys may do, and what they want when stock is short."""

from django.db import models


class Adapter(models.TextChoices):
    NATIVE = "native", "Native"
    SHOPIFY = "shopify", "Shopify"
    WOOCOMMERCE = "woocommerce", "WooCommerce"
    AMAZON = "amazon", "Amazon"
    BIGCOMMERCE = "bigcommerce", "BigCommerce"
    SHIPSTATION = "shipstation", "ShipStation"


class StockPolicy(models.TextChoices):
    BACKORDER = "backorder", "Accept and backorder"
    REFUSE = "refuse", "Refuse the order"


class Scope(models.TextChoices):
    ORDERS = "orders", "Place, read, change and cancel orders"
    RETURNS = "returns", "Ask for returns"
    RETURNS_PROCESS = "returns:process", "Approve, receive, inspect and settle returns"
    FULFILLMENT = "fulfillment", "Pick, pack and ship"
    STOCK = "stock", "Read and change stock"
    WEBHOOKS = "webhooks", "Manage webhooks, read facts"
    B2B = "b2b", "Business customers"
    REPORTS = "reports", "Reports"


DEFAULT_SCOPES = [Scope.ORDERS, Scope.RETURNS]
