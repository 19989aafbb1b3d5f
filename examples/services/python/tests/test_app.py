import json

import pytest

from app import handler

PAYMENT = {"idempotencyKey": "order-0001", "amount": 1250, "currency": "EUR", "source": "tok_4f9aQx72"}


@pytest.fixture(autouse=True)
def version(monkeypatch):
    monkeypatch.setenv("VERSION", "blue")


def send(**changes):
    answer = handler({"body": json.dumps(PAYMENT | changes)}, None)
    return answer["statusCode"], json.loads(answer["body"])


def test_accepts_under_the_same_id_each_time():
    status, answer = send()
    assert (status, answer["version"], answer["status"]) == (202, "blue", "accepted")
    assert send() == (status, answer)
    assert send(idempotencyKey="order-0002")[1]["id"] != answer["id"]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("idempotencyKey", [None, "short", "order 0001", "order-0001\n", 12345678]),
        ("amount", [None, 0, 12.5, 1_000_001, "1250", True]),
        ("currency", [None, "eur", "XXX", ["EUR"]]),
        ("source", [None, "tok_", "4111111111111111", "4111 1111-1111 1111", "tok_4111111111111111"]),
    ],
)
def test_refuses(field, values):
    for value in values:
        status, answer = send(**{field: value})
        assert status == 400
        assert [error["field"] for error in answer["errors"]] == [field]


@pytest.mark.parametrize("event", [{}, {"body": None}, {"body": "no JSON"}, {"body": "[]"}])
def test_refuses_what_is_not_an_object(event):
    assert handler(event, None)["statusCode"] == 400
