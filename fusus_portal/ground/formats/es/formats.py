"""Spanish as written in the United States: a clock of twelve hours, and a decimal point."""

DATE_FORMAT = r"j \d\e F \d\e Y"
TIME_FORMAT = "g:i\u00a0a"
DATETIME_FORMAT = f"{DATE_FORMAT}, {TIME_FORMAT}"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
