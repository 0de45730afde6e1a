"""Pages for administrators. What they save can be looked at before it counts (WCAG 3.3.4)."""
