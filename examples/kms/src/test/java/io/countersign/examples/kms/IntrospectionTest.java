package io.countersign.examples.kms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.examples.kms.StubIssuer.Answer;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A KMS that asks the issuer about each token, and spends it. */
class IntrospectionTest extends KmsTest {
    @Override
    Map<String, String> settings() {
        return asking(issuer.address() + "/introspect");
    }

    private static Map<String, String> asking(String url) {
        return Map.of("kms.introspection.enabled", "true", "kms.introspection.url", url);
    }

    @Test
    void asksAsTheContractSays() throws Exception {
        String token = token(claims -> {});
        Expect.released(kms.release(token), recipient);
        assertEquals(1, issuer.questions.size());
        var question = issuer.questions.getFirst();
        assertEquals("Bearer " + RunningKms.CALLER_SECRET, question.authorization());
        assertEquals("token=" + token + "&consume=true", question.form());
    }

    @Test
    void replayed() throws Exception {
        String token = token(claims -> {});
        Expect.released(kms.release(token), recipient);
        var problem = Expect.refused(401, "token-consumed", kms.release(token));
        assertEquals("consumed", problem.path("found").asString());
    }

    /** The issuer says yes once; here is seen that the KMS asks for each release, however many come at a time. */
    @Test
    void releasedOnceToAnyNumberOfAskers() throws Exception {
        String token = token(claims -> {});
        issuer.introspection = question -> {
            synchronized (issuer) {
                boolean first = issuer.published != null;
                issuer.published = null;
                return first
                        ? StubIssuer.active(question, "consumed-now")
                        : StubIssuer.inactive("consumed", "Used up.");
            }
        };
        // Fetches the keys beforehand.
        Expect.refused(401, "audience-differs", releaseAfter(claims -> claims.put("aud", "x")));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<HttpResponse<String>> release = () -> kms.release(token);
            var statuses = threads
                    .invokeAll(IntStream.range(0, 16).mapToObj(_ -> release).toList())
                    .stream()
                    .map(answer -> answer.resultNow().statusCode())
                    .toList();
            assertEquals(1, statuses.stream().filter(status -> status == 200).count(), statuses.toString());
            assertEquals(15, statuses.stream().filter(status -> status == 401).count(), statuses.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "policy-withdrawn, policy-withdrawn",
        "policy-changed, policy-changed",
        "expired, token-expired",
        "store-forgot, token-inactive",
        "something-new, token-inactive"
    })
    void withdrawn(String reason, String code) throws Exception {
        issuer.introspection = _ -> StubIssuer.inactive(reason, "Ask the operator.");
        var problem = Expect.refused(401, code, releaseAfter(claims -> {}));
        assertEquals(reason, problem.path("found").asString());
        assertEquals("Ask the operator.", problem.path("hint").asString());
    }

    @Test
    void inactiveForNoReasonGiven() throws Exception {
        issuer.introspection = _ -> new Answer(200, "{\"active\":false}");
        Expect.refused(401, "token-inactive", releaseAfter(claims -> {}));
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 400, 401, 403, 404, 429, 500, 503})
    void anotherStatusIsNoYes(int status) throws Exception {
        issuer.introspection = question -> new Answer(
                status,
                status == 204 ? "" : StubIssuer.active(question, "consumed-now").body());
        var answer = releaseAfter(claims -> {});
        Expect.refused(503, "introspection-unavailable", answer);
        assertTrue(answer.headers().firstValue("Retry-After").isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "active",
                "null",
                "true",
                "[]",
                "{}",
                "{\"active\":\"true\"}",
                "{\"active\":1}",
                "{\"active\":null}",
                "{\"active\":true}",
                "{\"active\":true",
                "{\"active\":true,\"countersign_single_use\":\"consumed-now\"}",
                "{\"active\":true,\"countersign_single_use\":\"consumed-now\",\"jti\":\"of-another-token-0\"}"
            })
    void garbageIsNoYes(String body) throws Exception {
        issuer.introspection = _ -> new Answer(200, body);
        Expect.refused(503, "introspection-unavailable", releaseAfter(claims -> {}));
    }

    @Test
    void anAnswerWithoutEndIsNoYes() throws Exception {
        issuer.introspection = question ->
                new Answer(200, StubIssuer.active(question, "consumed-now").body() + " ".repeat(300 * 1024));
        Expect.refused(503, "introspection-unavailable", releaseAfter(claims -> {}));
    }

    /** An issuer that does not know consume says yes and spends nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"unused", "", "consumed"})
    void activeButNotSpentIsNoYes(String singleUse) throws Exception {
        issuer.introspection = question -> StubIssuer.active(question, singleUse);
        Expect.refused(503, "introspection-unavailable", releaseAfter(claims -> {}));
    }

    /** A token that this KMS would refuse anyway is left to its owner. */
    @Test
    void isAskedLast() throws Exception {
        Expect.refused(403, "status-not-affirming", releaseAfter(claims -> claims.put("ear_status", "warning")));
        Expect.refused(403, "key-unusable", releaseAfter(claims -> claims.put("cnf", Map.of())));
        Expect.refused(404, "secret-unknown", kms.release("another", token(claims -> {})));
        assertEquals(0, issuer.questions.size());
    }

    @Test
    void nobodyThere() throws Exception {
        int closed;
        try (var socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        try (var alone = RunningKms.start(issuer.address(), clock, asking("http://127.0.0.1:" + closed))) {
            Expect.refused(503, "introspection-unavailable", alone.release(token(claims -> {})));
        }
    }

    /** Accepts connections, and says nothing. */
    @Test
    void silence() throws Exception {
        try (var silent = new ServerSocket(0);
                var alone = RunningKms.start(
                        issuer.address(),
                        clock,
                        Map.of(
                                "kms.introspection.enabled",
                                "true",
                                "kms.introspection.url",
                                "http://127.0.0.1:" + silent.getLocalPort(),
                                "kms.introspection.timeout",
                                "300ms"))) {
            Expect.refused(503, "introspection-unavailable", alone.release(token(claims -> {})));
        }
    }

    @Test
    void withoutConsumeATokenMayBeLookedAtOften() throws Exception {
        issuer.introspection = question -> StubIssuer.active(question, "unused");
        try (var looking = RunningKms.start(
                issuer.address(),
                clock,
                Map.of(
                        "kms.introspection.enabled",
                        "true",
                        "kms.introspection.url",
                        issuer.address() + "/introspect",
                        "kms.introspection.consume",
                        "false"))) {
            String token = token(claims -> {});
            Expect.released(looking.release(token), recipient);
            Expect.released(looking.release(token), recipient);
            assertEquals("token=" + token, issuer.questions.getFirst().form());
            issuer.introspection = _ -> StubIssuer.inactive("policy-withdrawn", "Ask the operator.");
            Expect.refused(401, "policy-withdrawn", looking.release(token));
        }
    }
}
