package io.countersign.client.machine;

import static io.countersign.client.testkit.StubService.brokenOff;
import static io.countersign.client.testkit.StubService.json;
import static io.countersign.client.testkit.StubService.problem;
import static io.countersign.client.testkit.StubService.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.client.AttestationOutcome;
import io.countersign.client.AttestationOutcome.Attested;
import io.countersign.client.AttestationOutcome.Misconfigured;
import io.countersign.client.AttestationOutcome.Refused;
import io.countersign.client.AttestationOutcome.Unavailable;
import io.countersign.client.Attestations;
import io.countersign.client.AttestedKey;
import io.countersign.client.Bytes;
import io.countersign.client.Http;
import io.countersign.client.Reason;
import io.countersign.client.StrictJson;
import io.countersign.client.testkit.StubService;
import io.countersign.client.testkit.StubService.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttesterTest {
    private static final String CHALLENGES = "/v1/challenges";
    private static final String ATTESTATIONS = "/v1/attestations";
    private static final Bytes NONCE = Bytes.ofHex("435301" + "07".repeat(37));
    private static final Reply CHALLENGE = json("""
            {"nonce": "%s", "expires_at": "2026-11-23T12:05:00Z", "binding": "countersign-v1"}""".formatted(NONCE.base64Url()));
    private static final Reply TOKEN = json("""
            {"status": "affirming", "checks": [], "token": "eyJh.eyJi.c2ln", "expires_at": "2026-11-23T12:05:00Z"}""");
    private static final Device GPU = new Device(Device.Kind.GPU, 0, Bytes.ofHex("0102"), "Q0VSVA==", "HOPPER");
    private static final Device SWITCH = new Device(Device.Kind.SWITCH, 0, Bytes.ofHex("0304"), "Q0VSVA==", "");

    private final StubService service = new StubService().on(CHALLENGES, CHALLENGE);
    private final AttestedKey key = AttestedKey.generate();
    private final RecordingMachine machine = new RecordingMachine();
    private final FakeTiming timing = new FakeTiming();

    @AfterEach
    void close() {
        service.close();
    }

    /** Says in which order it was asked, and for what. */
    private static final class RecordingMachine implements Machine {
        final List<String> asked = new ArrayList<>();
        Optional<MachineException> trouble = Optional.empty();

        @Override
        public List<Device> devices(Bytes nonce) {
            asked.add("devices " + nonce.hex());
            return List.of(GPU, SWITCH);
        }

        @Override
        public Cpu cpu(Bytes reportData) throws MachineException {
            asked.add("cpu " + reportData.hex());
            if (trouble.isPresent()) {
                throw trouble.get();
            }
            return new Cpu.SevSnp(reportData, Optional.of(Bytes.ofHex("0a")));
        }
    }

    /** Time passes only in pauses. */
    private static final class FakeTiming implements Timing {
        final List<Duration> pauses = new ArrayList<>();
        double chance = 1;

        @Override
        public long nanos() {
            return pauses.stream().mapToLong(Duration::toNanos).sum();
        }

        @Override
        public Pause pause(Duration length) {
            pauses.add(length);
            return Pause.OVER;
        }

        @Override
        public double chance() {
            return chance;
        }
    }

    private AttestationOutcome attest(Duration within) {
        var errand = new Attester.Errand(
                "https://kms.example",
                Optional.of("payments"),
                Optional.empty(),
                Optional.of(key),
                Duration.ofSeconds(60));
        var attestations = new Attestations(Http.within(within), service.address(), InstantSource.system());
        return new Attester(attestations, machine, errand, timing).attest();
    }

    private AttestationOutcome attest(Reply... replies) {
        service.on(ATTESTATIONS, replies);
        return attest(Duration.ofSeconds(10));
    }

    @Test
    void returnsTheTokenAndItsEnd() {
        var attested = assertInstanceOf(Attested.class, attest(TOKEN));
        assertEquals("eyJh.eyJi.c2ln", attested.token());
        assertEquals(Instant.parse("2026-11-23T12:05:00Z"), attested.expiresAt());
        assertEquals("affirming", attested.result().get("status"));
        assertTrue(!attested.toString().contains("eyJ"), "a token does not stand in logs");
    }

    @Test
    void asksTheDevicesFirstAndTheCpuLastOverTheirAnswers() {
        attest(TOKEN);
        var binding = new Binding(NONCE, key.thumbprint());
        assertEquals(
                List.of(
                        "devices " + binding.deviceNonce().hex(),
                        "cpu " + binding.reportData(List.of(GPU, SWITCH)).hex()),
                machine.asked);
    }

    @Test
    void postsTheRequestOfTheContract() throws Exception {
        attest(TOKEN);
        JsonNode challenge =
                StrictJson.object(service.requests(CHALLENGES).get(0).body());
        assertEquals("{\"audience\":\"https://kms.example\",\"policy\":\"payments\"}", challenge.toString());
        JsonNode request =
                StrictJson.object(service.requests(ATTESTATIONS).get(0).body());
        Set<String> members = new TreeSet<>();
        request.fieldNames().forEachRemaining(members::add);
        assertEquals(Set.of("audience", "policy", "nonce", "binding", "key", "evidence"), members);
        assertEquals(NONCE.base64Url(), request.path("nonce").asText());
        assertEquals(
                Set.of("kty", "crv", "x", "y"),
                StrictJson.map(StrictJson.object(request.path("key").toString()))
                        .keySet());
        assertEquals(
                "{\"type\":\"nvidia-gpu\",\"evidence\":\"AQI=\",\"certificate\":\"Q0VSVA==\",\"arch\":\"HOPPER\"}",
                request.at("/evidence/gpu0").toString());
        assertEquals(
                "{\"type\":\"nvidia-nvswitch\",\"evidence\":\"AwQ=\",\"certificate\":\"Q0VSVA==\"}",
                request.at("/evidence/nvswitch0").toString());
        assertEquals("sev-snp", request.at("/evidence/cpu0/type").asText());
        assertEquals("Cg==", request.at("/evidence/cpu0/certificates").asText());
        assertTrue(request.at("/evidence/cpu0/event_log").isMissingNode());
    }

    @Test
    void refusalBringsEveryReasonAndIsNotRepeated() {
        String reasons = """
                , "checks": [{"code": "composite.binding", "outcome": "passed"}],
                "submods": {"cpu0": {"checks": [
                  {"code": "snp.binding", "outcome": "failed", "expected": "a", "actual": "b", "hint": "c"},
                  {"code": "snp.revocation", "outcome": "waived"},
                  {"code": "snp.vek-chain", "outcome": "undetermined", "missing": "the VCEK"}]}},
                "rules": [{"name": "no debugging", "submodule": "cpu0", "outcome": "not-reached", "blocked_by": "snp.binding"}]""";
        var refused =
                assertInstanceOf(Refused.class, attest(status(403, problem(403, "appraisal-refused", reasons)), TOKEN));
        assertEquals(Refused.Ground.POLICY, refused.ground());
        assertEquals(
                List.of(
                        new Reason(
                                "cpu0", "snp.binding", "failed", Optional.of("a"), Optional.of("b"), Optional.of("c")),
                        new Reason(
                                "cpu0",
                                "snp.vek-chain",
                                "undetermined",
                                Optional.empty(),
                                Optional.of("missing: the VCEK"),
                                Optional.empty()),
                        new Reason(
                                "cpu0",
                                "no debugging",
                                "not-reached",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of("see snp.binding first"))),
                refused.problem().reasons());
        assertEquals(1, service.requests(ATTESTATIONS).size());
    }

    @Test
    void badEvidenceIsARefusalOfItsOwn() {
        var refused = assertInstanceOf(Refused.class, attest(status(422, problem(422, "evidence-malformed", ""))));
        assertEquals(Refused.Ground.EVIDENCE, refused.ground());
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void triesAgainWithAFreshChallengeAndFreshEvidence(int status) {
        assertInstanceOf(Attested.class, attest(status(status, "{}"), TOKEN));
        assertEquals(2, service.requests(CHALLENGES).size());
        assertEquals(4, machine.asked.size());
        var posts = service.requests(ATTESTATIONS);
        assertNotEquals(posts.get(0).header("Idempotency-Key"), posts.get(1).header("Idempotency-Key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"400 nonce-unknown", "409 nonce-used", "410 nonce-expired"})
    void asksForAnotherChallengeWhenOneIsGone(String answer) {
        int status = Integer.parseInt(answer.substring(0, 3));
        assertInstanceOf(Attested.class, attest(status(status, problem(status, answer.substring(4), "")), TOKEN));
        assertEquals(2, service.requests(CHALLENGES).size());
    }

    static Stream<String> mistakes() {
        return Stream.of(
                "400 request-invalid",
                "401 unauthenticated",
                "403 audience-unknown",
                "403 policy-not-allowed",
                "404 policy-unknown",
                "404 not-found",
                "409 policy-digest-differs",
                "413 request-too-large",
                "302 nothing");
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void doesNotRepeatWhatSomebodyMustChange(String answer) {
        int status = Integer.parseInt(answer.substring(0, 3));
        var outcome = attest(status(status, problem(status, answer.substring(4), ""), "Location", "/elsewhere"), TOKEN);
        assertInstanceOf(Misconfigured.class, outcome);
        assertEquals(1, service.requests(ATTESTATIONS).size());
        assertEquals(2, service.requests().size(), "no redirect is followed");
    }

    @Test
    void sendsTheSameRequestAgainWhenTheAnswerIsLost() {
        assertInstanceOf(Attested.class, attest(brokenOff(), TOKEN));
        var posts = service.requests(ATTESTATIONS);
        assertEquals(2, posts.size());
        assertEquals(posts.get(0).body(), posts.get(1).body());
        assertTrue(posts.get(0).header("Idempotency-Key").matches("\"[0-9a-f-]{36}\""));
        assertEquals(posts.get(0).header("Idempotency-Key"), posts.get(1).header("Idempotency-Key"));
        assertEquals(1, service.requests(CHALLENGES).size());
    }

    @Test
    void waitsAsLongAsTheServiceAsks() {
        attest(status(503, "{}", "Retry-After", "7"), TOKEN);
        assertEquals(List.of(Duration.ofMillis(7500)), timing.pauses);
    }

    @Test
    void givesUpWhenTheServiceAsksForMoreThanThereIsPatience() {
        var unavailable = assertInstanceOf(Unavailable.class, attest(status(429, "{}", "Retry-After", "3600"), TOKEN));
        assertEquals(Optional.of(Duration.ofHours(1)), unavailable.retryAfter());
        assertEquals(Unavailable.Cause.BUSY, unavailable.cause());
        assertEquals(List.of(), timing.pauses);
    }

    @Test
    void pausesDoubleUpToABoundAndEndWithPatience() {
        attest(status(503, "{}"));
        assertEquals(
                List.of(500L, 1000L, 2000L, 4000L, 8000L, 16000L, 20000L),
                timing.pauses.stream().map(Duration::toMillis).toList());
    }

    @Test
    void chanceShortensAPauseByUpToHalf() {
        timing.chance = 0;
        attest(status(503, "{}"), TOKEN);
        assertEquals(List.of(Duration.ofMillis(250)), timing.pauses);
    }

    static Stream<Reply> garbage() {
        return Stream.of(
                json("<html>login</html>"),
                json(""),
                json("[]"),
                json("{}"),
                json("{\"token\": 7, \"expires_at\": \"2026-11-23T12:05:00Z\"}"),
                json("{\"token\": \"a.b.c\", \"expires_at\": \"soon\"}"),
                json("{\"token\": \"a.b.c\\r\\nX: y\", \"expires_at\": \"2026-11-23T12:05:00Z\"}"),
                json("{\"token\": \"a.b.c\", \"token\": \"d.e.f\", \"expires_at\": \"2026-11-23T12:05:00Z\"}"),
                status(204, ""),
                StubService.huge());
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void garbageIsNeverAToken(Reply reply) {
        AttestationOutcome outcome = attest(reply);
        assertTrue(outcome instanceof Unavailable || outcome instanceof Misconfigured, outcome.toString());
    }

    @Test
    void doesNotWaitForAnAnswerThatDoesNotEnd() {
        service.on(ATTESTATIONS, StubService.endless(), TOKEN);
        assertInstanceOf(Attested.class, attest(Duration.ofMillis(700)));
    }

    @Test
    void aServiceThatIsNotThereIsAway() {
        service.close();
        var unavailable = assertInstanceOf(Unavailable.class, attest(Duration.ofSeconds(5)));
        assertEquals(Unavailable.Cause.AWAY, unavailable.cause());
    }

    @Test
    void refusesAChallengeThatIsNone() {
        service.on(CHALLENGES, json("{\"nonce\": \"AAAA\"}"));
        var unavailable = assertInstanceOf(Unavailable.class, attest(TOKEN));
        assertEquals(Unavailable.Cause.AWAY, unavailable.cause());
        assertEquals(List.of(), machine.asked);
    }

    @Test
    void aMachineThatMustBeChangedIsAMisconfiguration() {
        machine.trouble = Optional.of(new MachineException(MachineException.Remedy.CHANGE, "no TEE", "get one"));
        assertEquals(new Misconfigured("no TEE", "get one"), attest(TOKEN));
        assertEquals(
                1,
                machine.asked.stream().filter(asked -> asked.startsWith("cpu")).count());
    }

    @Test
    void aDeviceThatIsNotReadyIsAskedAgain() {
        machine.trouble = Optional.of(new MachineException(MachineException.Remedy.RETRY, "busy", "wait"));
        var unavailable = assertInstanceOf(Unavailable.class, attest(TOKEN));
        assertEquals(Unavailable.Cause.BUSY, unavailable.cause());
        assertEquals(
                8,
                machine.asked.stream().filter(asked -> asked.startsWith("cpu")).count());
    }
}
