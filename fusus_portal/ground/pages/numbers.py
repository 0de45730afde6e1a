"""Numbers in words, for acts in which a wrong digit would reach thousands of people."""

ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
TWENTY, HUNDRED, THOUSAND, MILLION = 20, 100, 1000, 10**6


def in_words(number: int) -> str:
    """Return a number below a million in English words: 1024 is "one thousand twenty-four"."""
    if not 0 <= number < MILLION:
        raise ValueError(f"{number} is not written in words here")
    if number < TWENTY:
        return ONES[number]
    if number < HUNDRED:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    step, name = (HUNDRED, "hundred") if number < THOUSAND else (THOUSAND, "thousand")
    rest = f" {in_words(number % step)}" if number % step else ""
    return f"{in_words(number // step)} {name}{rest}"
