"""Memory of live view, for seconds: decisions of the gate, notes of pages that still ask, pieces of video."""
