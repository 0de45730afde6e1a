"""What the portal is measured beside."""
