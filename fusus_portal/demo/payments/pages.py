"""Pages of hosted Checkout, as far as a buyer needs them: card, 3-D Secure, end. They have no script."""

from html import escape

from fusus_portal.demo.payments.parameters import Json
from shop.catalogue.money import dollars

CARDS = (
    ("4242 4242 4242 4242", "is paid, and its bank knows the address"),
    ("4000 0000 0000 0010", "is paid, and its bank knows another address"),
    ("4000 0000 0000 0341", "is declined when it is charged"),
    ("4000 0000 0000 9995", "is declined at once"),
    ("4000 0025 0000 3155", "asks its owner (3-D Secure)"),
)
ADDRESS = {
    "line1": ("Street and number", "address-line1"),
    "city": ("City", "address-level2"),
    "state": ("State", "address-level1"),
    "postal_code": ("ZIP code", "postal-code"),
}
"""Fields of the billing address, by the service's names: label and `autocomplete`. The peer lets them stay empty."""
STYLE = """
body { font: 1rem/1.5 sans-serif; margin: 0 auto; max-width: 30rem; padding: 1rem; color: #1b1b1b; background: #fff; }
label, legend { display: block; font-weight: bold; margin-top: 1rem; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; border: 1px solid #565c65; }
button { font: inherit; margin: 1rem .5rem 0 0; padding: .75rem 1.25rem; border: 0; color: #fff; background: #005ea2; }
a { color: #005ea2; } :focus { outline: .25rem solid #2491ff; outline-offset: .1rem; }
.error { border-left: .5rem solid #b50909; background: #f4e3db; padding: .75rem; }
.demo { border-left: .5rem solid #ffbe2e; background: #faf3d1; padding: .75rem; } .pair { display: flex; gap: 1rem; }
"""


def page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def card(session: Json, problem: str = "") -> str:
    keeps = session["mode"] == "setup"
    title = "Keep a card for later" if keeps else f"Pay {dollars(session['amount_total'])}"
    lines = "".join(
        f"<li>{escape(line['name'])}: {dollars(line['cents'] * line['count'])}</li>" for line in session["_lines"]
    )
    known = "".join(f"<li>{number} {what}</li>" for number, what in CARDS)
    back = f'<p><a href="{escape(session["cancel_url"])}">Back without paying</a></p>' if session["cancel_url"] else ""
    alert = f'<p class="error" role="alert" id="problem">{escape(problem)}</p>' if problem else ""
    said = ' aria-invalid="true" aria-describedby="problem"' if problem else ""
    return page(
        title,
        f'<p class="demo">This page stands in for the payment service. No money moves.</p>{alert}'
        f"{f'<ul>{lines}</ul>' if lines else ''}<h2>Cards to try</h2><ul>{known}</ul>"
        f'<form method="post"><label for="number">Card number</label>'
        f'<input id="number" name="number" inputmode="numeric" autocomplete="cc-number" required{said}>'
        f'<div class="pair"><div><label for="expiry">Expires (MM / YY)</label>'
        f'<input id="expiry" name="expiry" autocomplete="cc-exp" value="12 / 34"></div>'
        f'<div><label for="cvc">Security code</label>'
        f'<input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" value="123"></div></div>'
        f"{_address() if session['_asks_address'] else ''}"
        f"<button>{'Keep this card' if keeps else escape(title)}</button></form>{back}",
    )


def _address() -> str:
    fields = (
        f'<label for="{name}">{label}</label><input id="{name}" name="{name}" autocomplete="billing {hint}">'
        for name, (label, hint) in ADDRESS.items()
    )
    return f"<fieldset><legend>Billing address (the demo works without one)</legend>{''.join(fields)}</fieldset>"


def step(session: Json) -> str:
    what = "keep your card" if session["mode"] == "setup" else f"pay {dollars(session['amount_total'])}"
    return page(
        "Is it you?",
        f"<p>Your bank asks whether you want to {what}.</p>"
        '<form method="post"><button name="step" value="complete">Yes, it is me</button>'
        '<button name="step" value="fail">No</button></form>',
    )


def closed(session: Json) -> str:
    if session["status"] == "expired":
        back = session["cancel_url"] or session["success_url"]
        return page("This page has expired", f'<p>Nothing was paid. <a href="{escape(back)}">Back to the shop</a></p>')
    return page("This is paid already", f'<p><a href="{escape(success(session))}">Back to the shop</a></p>')


def success(session: Json) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
