"""First directory on the path of the engine's process, so that Python runs its `sitecustomize` before the engine."""
