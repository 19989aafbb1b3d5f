package com.example.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandlerTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Sends a payment that is right but for one field. */
    private static Handler.Answer send(String field, Object value) throws Exception {
        Map<String, Object> payment = new HashMap<>(
            Map.of("idempotencyKey", "order-0001", "amount", 1250, "currency", "EUR", "source", "tok_4f9aQx72"));
        payment.put(field, value);
        return new Handler().handle(Map.of("body", JSON.writeValueAsString(payment)));
    }

    private static JsonNode body(Handler.Answer answer) throws Exception {
        return JSON.readTree(answer.body());
    }

    @Test
    void acceptsUnderTheSameIdEachTime() throws Exception {
        Handler.Answer first = send("amount", 1250);
        assertEquals(202, first.statusCode());
        assertEquals("blue", body(first).path("version").textValue());
        assertEquals(first, send("amount", 1250));
        assertNotEquals(body(first).path("id"), body(send("idempotencyKey", "order-0002")).path("id"));
    }

    static Stream<Arguments> wrong() {
        return Map.<String, List<Object>>of(
            "idempotencyKey", List.of("", "short", "order 0001", "order-0001\n", 12345678),
            "amount", List.of("", 0, 12.5, 1_000_001, "1250", true),
            "currency", List.of("", "eur", "XXX"),
            "source", List.of("", "tok_", "4111111111111111", "4111 1111-1111 1111", "tok_4111111111111111")
        ).entrySet().stream().flatMap(e -> e.getValue().stream().map(value -> Arguments.of(e.getKey(), value)));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refusesWrongFields(String field, Object value) throws Exception {
        Handler.Answer answer = send(field, value);
        assertEquals(400, answer.statusCode());
        assertEquals(List.of(field), body(answer).path("errors").findValuesAsText("field"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[]", "null", "{} {}"})
    void refusesWhatIsNotAnObject(String text) throws Exception {
        assertEquals(400, new Handler().handle(Map.of("body", text)).statusCode());
    }
}
