"""Acts on letters, and on the batches in which they are printed."""
