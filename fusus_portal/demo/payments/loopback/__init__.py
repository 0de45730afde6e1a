"""First directory on the path of the engine's process, so Python runs `sitecustomize` of it before the engine."""
