"""Acts of those who look at what others did."""
