"""Catalog, cart, orders, payments, refunds, returns, subscriptions, warranty."""
