"""The payment service, behind one door."""
