"""Development and demo only: `make run`, its servers, and the data it shows."""
