"""What the auditors' pages say."""
