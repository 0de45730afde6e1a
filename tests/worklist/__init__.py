"""Work that waits for people of the agency: on their start page, and by mail."""
