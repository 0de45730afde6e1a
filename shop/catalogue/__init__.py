"""Catalogue: products, prices, discounts, pictures, stock."""
