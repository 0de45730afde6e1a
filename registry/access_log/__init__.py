"""The access log: who looked, delays, notices by mail, receipts."""
