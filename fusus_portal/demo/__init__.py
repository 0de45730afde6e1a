"""Development and demo only: embedded servers, the processes of `make run`, demo data."""
