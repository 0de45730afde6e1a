"""The ground that the apps stand on. What wires everything is beside it, above the apps."""
