"""Commands of a developer: checks, translations, the picture of docs/architecture.md."""
