"""What channels and partner systems may ask."""
