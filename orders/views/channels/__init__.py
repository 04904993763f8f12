"""The desk of channels, for staff."""
