"""What clerks read about orders to be sent, and their parcels."""
