"""Reports for people and programs: pages, tables to take away, `/api/v1/reports/`."""
