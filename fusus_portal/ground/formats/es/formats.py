"""Spanish as it is written in the United States: the clock has twelve hours, and decimals have a point."""

DATE_FORMAT = r"j \d\e F \d\e Y"
TIME_FORMAT = "g:i\u00a0a"
DATETIME_FORMAT = f"{DATE_FORMAT}, {TIME_FORMAT}"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
