package com.example.payment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a payment must be. */
final class Payment {

    /** The largest payment, in minor units: cents, say. */
    private static final int LIMIT = 1_000_000;

    private static final List<String> CURRENCIES = List.of("CHF", "EUR", "GBP", "USD");

    /** What is wrong with a field. */
    record FieldError(String field, String message) {}

    private Payment() {}

    /** What is wrong with each field of a payment. */
    static List<FieldError> check(JsonNode payment) {
        if (!payment.isObject()) {
            return List.of(new FieldError("body", "must be a JSON object"));
        }
        List<FieldError> errors = new ArrayList<>();
        if (!text(payment, "idempotencyKey").matches("[A-Za-z0-9_-]{8,64}")) {
            errors.add(new FieldError("idempotencyKey", "must be 8 to 64 letters, digits, - and _"));
        }
        if (!isAmount(payment.path("amount"))) {
            errors.add(new FieldError("amount", "must be a whole number of minor units from 1 to " + LIMIT));
        }
        if (!CURRENCIES.contains(text(payment, "currency"))) {
            errors.add(new FieldError("currency", "must be one of " + String.join(", ", CURRENCIES)));
        }
        String source = text(payment, "source");
        if (hasCardNumber(source)) {
            errors.add(new FieldError("source", "looks like a card number: send a token of it"));
        } else if (!source.matches("(tok|acc)_[A-Za-z0-9]{8,32}")) {
            errors.add(new FieldError("source", "must be tok_ or acc_ and 8 to 32 letters and digits"));
        }
        return errors;
    }

    private static String text(JsonNode payment, String field) {
        return payment.path(field).isTextual() ? payment.path(field).textValue() : "";
    }

    private static boolean isAmount(JsonNode amount) {
        double value = amount.doubleValue();
        return amount.isNumber() && value >= 1 && value <= LIMIT && value % 1 == 0;
    }

    private static boolean hasCardNumber(String text) {
        return Arrays.stream(text.replaceAll("[ -]", "").split("[^0-9]+"))
            .anyMatch(digits -> digits.matches("[0-9]{13,19}") && luhn(digits));
    }

    /** Whether the check digit is right: see ISO/IEC 7812-1, annex B. */
    private static boolean luhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int n = (digits.charAt(digits.length() - 1 - i) - '0') * (i % 2 + 1);
            sum += n > 9 ? n - 9 : n;
        }
        return sum % 10 == 0;
    }
}
