"""Single faults, drawn at random, of which a test has to notice each (`make mutants SEED=7`)."""
