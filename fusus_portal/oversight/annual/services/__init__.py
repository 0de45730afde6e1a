"""Writing a part of the report, and releasing a version of it."""
