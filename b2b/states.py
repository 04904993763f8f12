"""Every state of a business document, and every way from one to the next."""
