"""What is done with the county's streets and addresses: loaded, used, gone back to, discarded."""
