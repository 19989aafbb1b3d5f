package com.example.payment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Answers requests of API Gateway or of a function URL. */
public final class Handler {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** What Lambda makes JSON of. */
    public record Answer(int statusCode, Map<String, String> headers, String body) {}

    private record Accepted(String version, String id, String status) {}

    private record Refused(String version, List<Payment.FieldError> errors) {}

    /** Accepts a payment, or says what is wrong with it. */
    public Answer handle(Map<String, Object> event) throws JsonProcessingException, NoSuchAlgorithmException {
        String version = System.getenv("VERSION");
        JsonNode payment = parse(event.get("body"));
        List<Payment.FieldError> errors = Payment.check(payment);
        if (!errors.isEmpty()) {
            return answer(400, new Refused(version, errors));
        }
        return answer(202, new Accepted(version, id(payment.path("idempotencyKey").textValue()), "accepted"));
    }

    private static JsonNode parse(Object body) {
        try {
            return body instanceof String text ? JSON.readTree(text) : MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static String id(String idempotencyKey) throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(idempotencyKey.getBytes(StandardCharsets.UTF_8));
        return "pay_" + HexFormat.of().formatHex(digest, 0, 16);
    }

    private static Answer answer(int status, Object content) throws JsonProcessingException {
        return new Answer(status, Map.of("content-type", "application/json"), JSON.writeValueAsString(content));
    }
}
