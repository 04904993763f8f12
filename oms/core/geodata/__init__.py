"""The tables behind `oms.core.geo`, made by `manage.py build_geodata`; see ATTRIBUTION.md."""
