"""Measuring the house against the machine it stands on.

Machines are shared and noisy, so nothing is reported as seconds alone: every case runs in turns
with the yardstick (`yardstick.py`), and the ratio of the two is what counts. Apps name their
benchmarks in `oms/composition.py`; what a case gets to work with is a `Bench`.
"""
