"""What a payment must be."""

import re

# The largest payment, in minor units: cents, say.
LIMIT = 1_000_000

CURRENCIES = ("CHF", "EUR", "GBP", "USD")


def check(payment):
    """Return what is wrong with each field of a payment."""
    if not isinstance(payment, dict):
        return [{"field": "body", "message": "must be a JSON object"}]
    wrong = {}
    if not matches(r"[A-Za-z0-9_-]{8,64}", payment.get("idempotencyKey")):
        wrong["idempotencyKey"] = "must be 8 to 64 letters, digits, - and _"
    if not is_amount(payment.get("amount")):
        wrong["amount"] = f"must be a whole number of minor units from 1 to {LIMIT}"
    if payment.get("currency") not in CURRENCIES:
        wrong["currency"] = f"must be one of {', '.join(CURRENCIES)}"
    source = payment.get("source")
    if isinstance(source, str) and has_card_number(source):
        wrong["source"] = "looks like a card number: send a token of it"
    elif not matches(r"(tok|acc)_[A-Za-z0-9]{8,32}", source):
        wrong["source"] = "must be tok_ or acc_ and 8 to 32 letters and digits"
    return [{"field": field, "message": message} for field, message in wrong.items()]


def matches(pattern, value):
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def is_amount(value):
    # JSON has one type of numbers, and true is none of them.
    return type(value) in (int, float) and 1 <= value <= LIMIT and value % 1 == 0


def has_card_number(text):
    runs = re.split(r"[^0-9]+", re.sub(r"[ -]", "", text))
    return any(13 <= len(run) <= 19 and luhn(run) for run in runs)


def luhn(digits):
    """Tell whether the check digit is right: see ISO/IEC 7812-1, annex B."""
    doubled = [int(digit) * (i % 2 + 1) for i, digit in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
