"""Settings: `base` for all, and on top of it `dev`, `test` or `production`."""
