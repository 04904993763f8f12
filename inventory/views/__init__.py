"""The staff screens, and the vendor's page."""
