"""Messages as text messages, to whoever turned them on. Mail says the same, and more, whatever becomes of a text."""
