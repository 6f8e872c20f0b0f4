package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.countersign.insecure.DemoAttester;
import io.countersign.proof.Attesting.Said;
import io.countersign.verifier.bytes.Bytes;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the packaged service tells a collector of traces, and what it does not. */
class TracesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> VERBS =
            Set.of("receive", "parse", "gather", "authenticate", "appraise", "countersign");

    private static final List<AutoCloseable> OPENED = new ArrayList<>();

    private static Attesting machine;
    private static OtlpCollector collector;
    private static LaboratoryKds kds;
    private static PackagedService service;

    @BeforeAll
    static void start() throws Exception {
        DemoAttester amd = DemoAttester.start(new SecureRandom(), Instant.now());
        machine = new Attesting(amd);
        collector = opened(OtlpCollector.start());
        kds = opened(LaboratoryKds.start(
                amd.attest(Bytes.copyOf(new byte[64]), UnaryOperator.identity()).crl()));
        service = opened(PackagedService.start(amd, settings(Map.of())));
    }

    private static Map<String, String> settings(Map<String, String> more) {
        var all = new HashMap<>(Map.of(
                "quarkus.otel.sdk.disabled", "false",
                "quarkus.otel.exporter.otlp.endpoint", collector.url(),
                "quarkus.otel.exporter.otlp.protocol", "http/protobuf",
                "quarkus.otel.bsp.schedule.delay", "100ms",
                "countersign.collateral.offline", "false",
                "countersign.collateral.amd-kds-url", kds.url()));
        all.putAll(more);
        return all;
    }

    private static <T extends AutoCloseable> T opened(T closeable) {
        OPENED.addFirst(closeable);
        return closeable;
    }

    @AfterAll
    static void close() throws Exception {
        for (AutoCloseable each : OPENED) {
            each.close();
        }
    }

    /** The evidence alone, so that the service asks the vendor for the rest. */
    private static String without(String request, String... members) throws Exception {
        ObjectNode body = (ObjectNode) JSON.readTree(request);
        for (String member : members) {
            if (member.equals("certificates")) {
                ((ObjectNode) body.path("evidence").path("cpu0")).remove(member);
            } else {
                body.remove(member);
            }
        }
        return body.toString();
    }

    private static boolean of(Span span, String path) {
        return span.getKind() == Span.SpanKind.SPAN_KIND_SERVER
                && text(span, "url.path").equals(path);
    }

    private static String text(Span span, String key) {
        return span.getAttributesList().stream()
                .filter(each -> each.getKey().equals(key))
                .map(each -> each.getValue().getStringValue())
                .findFirst()
                .orElse("");
    }

    private static Span one(List<Span> trace, String name) {
        List<Span> found =
                trace.stream().filter(span -> span.getName().equals(name)).toList();
        assertEquals(
                1,
                found.size(),
                name + " among " + trace.stream().map(Span::getName).toList());
        return found.getFirst();
    }

    @Test
    void attestationHasItsSixVerbsInOrderUnderTheRequest() throws Exception {
        String nonce = Attesting.challenge(service);
        Said said = Attesting.post(service, without(machine.request(nonce), "endorsements"));
        assertEquals(200, said.status(), said.body());

        List<Span> trace = collector.trace(span ->
                of(span, "/v1/attestations") && text(span, "countersign.status").equals("affirming"));
        Span request = trace.stream()
                .filter(span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER)
                .findFirst()
                .orElseThrow();
        assertTrue(request.getParentSpanId().isEmpty());
        List<String> inOrder = trace.stream()
                .filter(span -> span.getParentSpanId().equals(request.getSpanId()))
                .sorted((one, other) -> Long.compare(one.getStartTimeUnixNano(), other.getStartTimeUnixNano()))
                .map(Span::getName)
                .toList();
        assertEquals(List.of("receive", "parse", "gather", "authenticate", "appraise", "countersign"), inOrder);
        assertEquals(PackagedService.POLICY, text(request, "countersign.policy"));
        assertEquals(
                "1",
                request.getAttributesList().stream()
                        .filter(each -> each.getKey().equals("countersign.devices"))
                        .map(each -> Long.toString(each.getValue().getIntValue()))
                        .findFirst()
                        .orElse("none"));
    }

    /** Whichever request came first, its fetch is its own; the others find the list in hand. */
    @Test
    void fetchStandsUnderGatherOfTheRequestThatCausedIt() throws Exception {
        Attesting.post(service, without(machine.request(Attesting.challenge(service)), "endorsements"));
        List<Span> trace = collector.trace(span -> span.getName().equals("fetch amd-vcek-crl"));
        Span fetch = one(trace, "fetch amd-vcek-crl");
        assertEquals(one(trace, "gather").getSpanId(), fetch.getParentSpanId());
        assertEquals("127.0.0.1", text(fetch, "server.address"));
    }

    @Test
    void noSpanHoldsEvidenceNoncesTokensMachinesOrWhatCallersWroteBesides() throws Exception {
        String nonce = Attesting.challenge(service);
        String request = machine.request(nonce);
        Said accepted = Attesting.post(service, request);
        // The machine's certificate is asked for under a path that holds its CHIP_ID.
        HttpResponse<String> unknown =
                service.post("/v1/appraisals", without(request, "certificates", "audience", "endorsements"));
        assertEquals(200, unknown.statusCode(), unknown.body());
        String secret = "a-secret-in-the-wrong-place";
        service.get("/v1/policies?token=" + secret);
        service.get("/" + secret);
        service.post("/v1/appraisals", "{\"" + secret + "\": 1}");
        service.post("/v1/appraisals", "{\"policy_source\": \"policy: " + secret + "\", \"evidence\": {}}");
        collector.trace(span -> of(span, "(left out)"));

        JsonNode evidence = JSON.readTree(request).path("evidence").path("cpu0");
        Matcher chip = Pattern.compile("/vcek/v1/[A-Za-z]+/([0-9a-fA-F]{16,})").matcher(String.join("\n", kds.asked()));
        assertTrue(chip.find(), "the machine's certificate was asked for: " + kds.asked());
        List<String> secrets = List.of(
                nonce,
                evidence.path("report").asText().substring(0, 40),
                chip.group(1).substring(0, 16),
                accepted.token().substring(accepted.token().length() - 40),
                secret);
        String told = collector.spans().stream().map(TracesIT::all).collect(Collectors.joining("\n"));
        for (String each : secrets) {
            assertFalse(told.contains(each), () -> each + " is told in:\n" + told);
        }
    }

    /** Names, attributes, and those of events, as text. */
    private static String all(Span span) {
        return span.getName() + " "
                + Stream.concat(
                                span.getAttributesList().stream(),
                                span.getEventsList().stream().flatMap(event -> event.getAttributesList().stream()))
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .collect(Collectors.joining(" "))
                + span.getStatus().getMessage();
    }

    /** What stands in spans is a closed list; whoever adds to it has thought of what it tells. */
    @Test
    void attributesAreThoseThatTheDocumentationNames() throws Exception {
        Attesting.post(service, machine.request(Attesting.challenge(service)));
        collector.trace(span -> of(span, "/v1/attestations"));
        var keys = collector.spans().stream()
                .flatMap(span -> span.getAttributesList().stream())
                .map(KeyValue::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        String page = Files.readString(Path.of("docs", "observe.md"));
        keys.removeIf(key -> page.contains("`" + key + "`"));
        assertEquals(Set.of(), keys, "not in docs/observe.md");
        assertTrue(collector.spans().stream()
                .filter(span -> VERBS.contains(span.getName()))
                .allMatch(span -> span.getAttributesCount()
                        == span.getAttributesList().stream()
                                .filter(each -> each.getKey().startsWith("thread.")
                                        || each.getKey().startsWith("code."))
                                .count()));
    }

    @Test
    void traceThatACallerNamesIsFollowedOnlyWhereTheOperatorSaysSo() throws Exception {
        byte[] id = new byte[16];
        new SecureRandom().nextBytes(id);
        String parent = "00-" + HexFormat.of().formatHex(id) + "-00f067aa0ba902b7-01";
        service.post("/v1/challenges", "{}", "traceparent", parent);
        List<Span> own = collector.trace(span -> of(span, "/v1/challenges"));
        assertNotEquals(ByteString.copyFrom(id), own.getFirst().getTraceId());

        DemoAttester amd = DemoAttester.start(new SecureRandom(), Instant.now());
        try (var trusting = PackagedService.start(amd, settings(Map.of("countersign.traces.follow-callers", "true")))) {
            trusting.post("/v1/challenges", "{}", "traceparent", parent);
            List<Span> followed = collector.trace(span -> span.getTraceId().equals(ByteString.copyFrom(id)));
            assertEquals(
                    ByteString.copyFrom(HexFormat.of().parseHex("00f067aa0ba902b7")),
                    followed.getFirst().getParentSpanId());
        }
    }

    @Test
    void callerWhoAsksToBeRecordedIsNotRecordedPastTheSampling() throws Exception {
        DemoAttester amd = DemoAttester.start(new SecureRandom(), Instant.now());
        try (var quiet = OtlpCollector.start();
                var sampling = PackagedService.start(
                        amd,
                        settings(Map.of(
                                "quarkus.otel.exporter.otlp.endpoint",
                                quiet.url(),
                                "quarkus.otel.traces.sampler.arg",
                                "0.0")))) {
            for (int request = 0; request < 20; request++) {
                sampling.post(
                        "/v1/challenges",
                        "{}",
                        "traceparent",
                        "00-4bf92f3577b34da6a3ce929d0e0e47%02x-00f067aa0ba902b7-01".formatted(request));
            }
            Thread.sleep(1_000);
            assertEquals(List.of(), quiet.spans());
        }
    }
}
