"""A real shop's year played through the real services: UCI Online Retail, invoice by invoice.

Stands here since it needs every floor from stock to returns. `invoices` reads the files,
`trading` does what they say, `figures` sums both up.
"""
