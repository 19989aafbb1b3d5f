"""Answers requests of API Gateway or of a function URL."""

import hashlib
import json
import os

from payment import check


def handler(event, context):
    """Accept a payment, or say what is wrong with it."""
    payment = parse(event.get("body"))
    errors = check(payment)
    if errors:
        return answer(400, {"errors": errors})
    digest = hashlib.sha256(payment["idempotencyKey"].encode()).hexdigest()
    return answer(202, {"id": "pay_" + digest[:32], "status": "accepted"})


def parse(body):
    try:
        return json.loads(body)
    except (TypeError, ValueError):
        return None


def answer(status, content):
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"version": os.environ["VERSION"], **content}),
    }
