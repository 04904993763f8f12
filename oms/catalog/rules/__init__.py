"""What is decided of SKUs on plain values."""
