//! What a payment must be.

use serde_json::{Value, json};

/// The largest payment, in minor units: cents, say.
const LIMIT: f64 = 1_000_000.0;

const CURRENCIES: [&str; 4] = ["CHF", "EUR", "GBP", "USD"];

/// What is wrong with each field of a payment.
pub fn check(payment: &Value) -> Vec<Value> {
    if !payment.is_object() {
        return vec![wrong("body", "must be a JSON object")];
    }
    let text = |field: &str| payment[field].as_str().unwrap_or_default();
    let mut errors = Vec::new();
    if !is_key(text("idempotencyKey")) {
        errors.push(wrong("idempotencyKey", "must be 8 to 64 letters, digits, - and _"));
    }
    if !payment["amount"].as_f64().is_some_and(is_amount) {
        let message = format!("must be a whole number of minor units from 1 to {LIMIT}");
        errors.push(wrong("amount", &message));
    }
    if !CURRENCIES.contains(&text("currency")) {
        let message = format!("must be one of {}", CURRENCIES.join(", "));
        errors.push(wrong("currency", &message));
    }
    if has_card_number(text("source")) {
        errors.push(wrong("source", "looks like a card number: send a token of it"));
    } else if !is_source(text("source")) {
        errors.push(wrong("source", "must be tok_ or acc_ and 8 to 32 letters and digits"));
    }
    errors
}

fn wrong(field: &str, message: &str) -> Value {
    json!({ "field": field, "message": message })
}

fn is_key(text: &str) -> bool {
    (8..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn is_amount(amount: f64) -> bool {
    (1.0..=LIMIT).contains(&amount) && amount.fract() == 0.0
}

fn is_source(text: &str) -> bool {
    text.strip_prefix("tok_")
        .or_else(|| text.strip_prefix("acc_"))
        .is_some_and(|id| (8..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn has_card_number(text: &str) -> bool {
    text.replace([' ', '-'], "")
        .split(|c: char| !c.is_ascii_digit())
        .any(|digits| (13..=19).contains(&digits.len()) && luhn(digits))
}

/// Whether the check digit is right: see ISO/IEC 7812-1, annex B.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, factor)| u32::from(digit - b'0') * factor)
        .map(|n| if n > 9 { n - 9 } else { n })
        .sum();
    sum.is_multiple_of(10)
}
