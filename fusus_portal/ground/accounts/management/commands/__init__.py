"""Commands of accounts, for the operator at the server."""
