"""Webhooks and the feed, for channels and those who connect them."""
