"""Books: the sums of a period, and what differs from the payment service."""
