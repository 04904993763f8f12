"""Business customers: companies and their buyers, what was agreed with them, what they owe.

Owns companies, price lists, requests for quotation, quotes, purchase orders, credit and
invoices. What a company buys becomes an order on the common journey, through `orders.services`.
"""
