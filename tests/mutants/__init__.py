"""Single faults, drawn at random; a test has to notice each one (`make mutants SEED=7`)."""
