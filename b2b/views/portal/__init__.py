"""The buyers' portal: what people of a company see and do, always for that company alone."""
