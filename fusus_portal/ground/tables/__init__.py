"""Tables as people open them: CSV and ZIP, and cells that no spreadsheet runs."""
