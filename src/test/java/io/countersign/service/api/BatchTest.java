package io.countersign.service.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.service.api.problem.ProblemObserver;
import io.countersign.service.api.request.JsonText;
import io.countersign.service.api.request.RequestElement;
import io.countersign.service.api.request.RequestInvalidException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The bounds of a batch, and what becomes of the rest where one of them is met. */
class BatchTest {
    private static final Duration TIME = Duration.ofSeconds(10);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // a clock that may wrap around

    private static List<RequestElement> appraisals(int many) throws RequestInvalidException {
        String body = "{\"all\":[" + "{},".repeat(many - 1) + "{}]}";
        return new JsonText(32).object(body.getBytes(StandardCharsets.UTF_8)).elements("all");
    }

    private JsonNode answer(int bytes, int many, Batch.Judge judge) throws RequestInvalidException, IOException {
        byte[] answer = new Batch(bytes, TIME, nanos::get, ProblemObserver.NOBODY).answer(appraisals(many), judge);
        return new ObjectMapper().readTree(answer).get("results");
    }

    private static List<Integer> statuses(JsonNode results) {
        return StreamSupport.stream(results.spliterator(), false)
                .map(result -> result.get("status").intValue())
                .toList();
    }

    @Test
    void resultsStandInOrder() throws Exception {
        var number = new AtomicInteger();
        JsonNode results = answer(10_000, 3, _ -> Map.of("number", number.incrementAndGet()));
        for (int i = 0; i < 3; i++) {
            assertEquals(i + 1, results.get(i).at("/body/number").intValue());
        }
    }

    @Test
    void whatTheAnswerHasNoRoomForIsToldToComeAlone() throws Exception {
        var number = new AtomicInteger();
        JsonNode results = answer(
                4_000, 4, _ -> Map.of("text", number.incrementAndGet() == 2 ? "x".repeat(4_000) : "x".repeat(1_000)));
        assertEquals(List.of(200, 413, 200, 200), statuses(results));
        assertEquals("request-too-large", results.at("/1/body/code").asText());
    }

    @Test
    void whatThereIsNoTimeForIsNotBegun() throws Exception {
        var begun = new AtomicInteger();
        JsonNode results = answer(10_000, 4, _ -> {
            begun.incrementAndGet();
            nanos.addAndGet(TIME.toNanos() / 2);
            return Map.of();
        });
        assertEquals(List.of(200, 200, 503, 503), statuses(results));
        assertEquals(2, begun.get());
        assertEquals("overloaded", results.at("/2/body/code").asText());
        assertTrue(results.at("/2/body/retryable").booleanValue());
    }

    @Test
    void aMistakeOfOursIsNotTheOthersAffairAndTellsNothing() throws Exception {
        var number = new AtomicInteger();
        JsonNode results = answer(10_000, 2, _ -> {
            if (number.incrementAndGet() == 1) {
                throw new IllegalStateException("a secret of ours");
            }
            return Map.of();
        });
        assertEquals(List.of(500, 200), statuses(results));
        assertTrue(!results.toString().contains("secret"), results::toString);
    }
}
