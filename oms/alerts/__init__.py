"""What somebody should look at: an alert has evidence, an owner and an end.

The app that owns the numbers finds what is wrong (`ALERTS` in `oms/composition.py`); this one
keeps the work lists.
"""
