"""Reasons as honest people type them: six ways to say what the footage may show."""

from random import Random

COLORS = ["black", "white", "grey", "silver", "red", "blue", "green", "brown", "tan", "maroon"]
VEHICLES = ("sedan", "pickup", "van", "SUV", "motorcycle", "box truck", "hatchback", "trailer")
STREETS = [
    f"{name} {kind}"
    for name in ["Oak", "Pine", "Elm", "Cahaba", "Linn", "Avondale", "Forest", "Clairmont"]
    for kind in ("Street", "Avenue", "Road", "Lane")
]
DEEDS = ("break-in", "robbery", "shooting", "hit and run", "car theft", "assault", "fire", "burglary", "vandalism")
PEOPLE = ("a tall man", "two teenagers", "a woman in a red coat", "three men", "a man on a bicycle", "a runner")
PLACES = ("gas station", "school", "bank", "pharmacy", "church", "car wash", "laundry", "motel", "park", "warehouse")


def reason_of(random: Random) -> str:
    """Return one reason."""
    color, vehicle = random.choice(COLORS), random.choice(VEHICLES)
    street, other = random.sample(STREETS, 2)
    deed, people, place = random.choice(DEEDS), random.choice(PEOPLE), random.choice(PLACES)
    ways = (
        f"A {color} {vehicle} left toward {street} right after the {deed} at the {place}.",
        f"Witness saw {people} run from the {place} across {street} to {other}.",
        f"{deed.capitalize()} at the {place} on {street}: which way did the {color} {vehicle} go?",
        f"Caller says {people} waited behind the {place} before the {deed}; looking for their {vehicle}.",
        f"Victim was followed by {people} along {street}, then {other}, until the {place}.",
        f"Plate unknown, {color} {vehicle} with a broken light, seen on {street} near the {place}.",
    )
    return random.choice(ways)
