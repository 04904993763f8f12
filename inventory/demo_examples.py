"""SKUs of the demo that are good examples."""

from django.urls import reverse

from oms.core.demo_examples import Example

SKUS = {"sku.plenty": "TEA-GREEN-1", "sku.scarce": "KETTLE-GOOSE", "sku.out": "GIFT-MATCHA"}


def examples() -> dict[str, Example]:
    """Return `sku.scarce` and others."""
    return {
        what: Example(code, reverse("inventory:sku", args=[code])) for what, code in SKUS.items()
    }
