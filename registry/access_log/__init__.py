"""The access log: looks, delays, notices by mail, receipts."""
