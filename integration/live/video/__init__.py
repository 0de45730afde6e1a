"""What live view keeps for seconds, in memory only: decisions of the gate, marks of who still asks, pieces of video."""
