"""SKUs: the smallest things that can be ordered, stored and shipped."""
