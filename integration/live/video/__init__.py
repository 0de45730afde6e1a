"""Live view in memory, for seconds: decisions of the gate, notes of pages that still ask, pieces of video."""
