"""Watch-hours: how long cameras are viewed, and what stands out."""
