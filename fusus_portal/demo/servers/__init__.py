"""PostgreSQL and Valkey that `make run`, the tests and the benchmarks bring along."""
