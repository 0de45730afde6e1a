"""Video on its way from a CORE to whoever may see it now: in the memory of one server, for seconds, and nowhere else."""
