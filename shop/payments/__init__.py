"""Payments: attempts, settlement, refunds, and what the payment service tells."""
