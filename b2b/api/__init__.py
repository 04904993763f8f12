"""What companies' systems, and our own, may ask."""
