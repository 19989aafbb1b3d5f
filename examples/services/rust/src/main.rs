//! Answers requests of API Gateway or of a function URL.

mod payment;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let version = std::env::var("VERSION")?;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        Ok::<Value, Error>(handle(&event.payload, &version))
    }))
    .await
}

/// Accepts a payment, or says what is wrong with it.
fn handle(event: &Value, version: &str) -> Value {
    let body = event["body"].as_str().unwrap_or_default();
    let payment = serde_json::from_str(body).unwrap_or(Value::Null);
    let errors = payment::check(&payment);
    if !errors.is_empty() {
        return answer(400, &json!({ "version": version, "errors": errors }));
    }
    let key = payment["idempotencyKey"].as_str().unwrap_or_default();
    let digest = format!("{:x}", Sha256::digest(key));
    let id = format!("pay_{}", &digest[..32]);
    answer(202, &json!({ "version": version, "id": id, "status": "accepted" }))
}

fn answer(status: u16, content: &Value) -> Value {
    json!({
        "statusCode": status,
        "headers": { "content-type": "application/json" },
        "body": content.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends a payment that is right but for one field.
    fn send(field: &str, value: &Value) -> (Value, Value) {
        let mut payment = json!({
            "idempotencyKey": "order-0001", "amount": 1250, "currency": "EUR", "source": "tok_4f9aQx72",
        });
        payment[field] = value.clone();
        send_body(&payment.to_string())
    }

    fn send_body(body: &str) -> (Value, Value) {
        let answer = handle(&json!({ "body": body }), "blue");
        let content = answer["body"].as_str().expect("a body");
        (
            answer["statusCode"].clone(),
            serde_json::from_str(content).expect("JSON"),
        )
    }

    #[test]
    fn accepts_under_the_same_id_each_time() {
        let (status, first) = send("amount", &json!(1250));
        assert_eq!(status, 202);
        assert_eq!(first["version"], "blue");
        assert_eq!(first["status"], "accepted");
        assert_eq!(send("amount", &json!(100.0)).1["id"], first["id"]);
        assert_ne!(send("idempotencyKey", &json!("order-0002")).1["id"], first["id"]);
    }

    #[test]
    fn refuses_wrong_fields() {
        let cases = json!({
            "idempotencyKey": [null, "short", "order 0001", "order-0001\n", 12_345_678],
            "amount": [null, 0, 12.5, 1_000_001, "1250", true],
            "currency": [null, "eur", "XXX"],
            "source": [null, "tok_", "4111111111111111", "4111 1111-1111 1111", "tok_4111111111111111"],
        });
        for (field, values) in cases.as_object().expect("fields") {
            for value in values.as_array().expect("values") {
                let (status, answer) = send(field, value);
                assert_eq!(status, 400, "{field} {value}");
                assert_eq!(answer["errors"].as_array().expect("errors").len(), 1, "{field} {value}");
                assert_eq!(&answer["errors"][0]["field"], field);
            }
        }
    }

    #[test]
    fn refuses_what_is_not_an_object() {
        for body in ["", "no JSON", "[]", "null"] {
            assert_eq!(send_body(body).1["errors"][0]["field"], "body");
        }
        assert_eq!(handle(&json!({}), "blue")["statusCode"], 400);
    }
}
