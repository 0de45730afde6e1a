"""Reading an agency's former registry: from bytes to rows, and from cells to what they mean. Writes nothing."""
