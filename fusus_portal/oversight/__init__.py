"""What people who do not act look at: public figures, and the weekly review."""
