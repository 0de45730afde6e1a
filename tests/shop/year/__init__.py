"""More than a year of the shop, day by day: who buys and what becomes of it is planned by chance, from a seed."""
