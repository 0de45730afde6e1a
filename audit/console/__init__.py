"""The auditors' console: what they ask, how it is found, what they keep and export."""
