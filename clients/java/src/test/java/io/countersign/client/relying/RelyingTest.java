package io.countersign.client.relying;

import static io.countersign.client.testkit.StubService.json;
import static io.countersign.client.testkit.StubService.problem;
import static io.countersign.client.testkit.StubService.status;
import static io.countersign.client.testkit.TokenMaker.AUDIENCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import io.countersign.client.AttestationOutcome;
import io.countersign.client.Bytes;
import io.countersign.client.Http;
import io.countersign.client.StrictJson;
import io.countersign.client.testkit.StubService;
import io.countersign.client.testkit.StubService.Reply;
import io.countersign.client.testkit.TokenMaker;
import io.countersign.client.token.Refusal;
import io.countersign.client.token.TokenVerifier;
import io.countersign.client.token.Verdict;
import io.countersign.client.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Introspection and background check against a stub of the service. */
class RelyingTest {
    private static final String INTROSPECT = "/v1/tokens/introspect";
    private static final String ATTESTATIONS = "/v1/attestations";
    private static final String SECRET = "s3cret";

    /** A clean yes about the token that the maker makes; each bad answer differs from it in one thing. */
    private static final String YES =
            "{\"active\": true, \"jti\": \"4f7c1c7e0f5d4a3b9c2d1e0f9a8b7c6d\", \"countersign_single_use\": \"consumed-now\"}";

    private final StubService service = new StubService();
    private final TokenMaker maker = new TokenMaker("https://countersign.example", Curve.P_256);
    private final TokenVerifier verifier =
            TokenVerifier.withKeys("https://countersign.example", AUDIENCE, TokenMaker.jwks(maker));
    private final Http http = Http.within(Duration.ofSeconds(3));

    @AfterEach
    void close() {
        service.close();
    }

    private VerifiedToken token() {
        return assertInstanceOf(Verdict.Accepted.class, verifier.verify(maker.sign(maker.claims(Instant.now()))))
                .token();
    }

    private Introspection.Standing consume(Reply reply) {
        service.on(INTROSPECT, reply);
        return new Introspection(service.address(), http, SECRET).consume(token());
    }

    @Test
    void activeIsActive() {
        VerifiedToken token = token();
        service.on(INTROSPECT, active(token, "consumed-now"));
        var standing = new Introspection(service.address(), http, SECRET).consume(token);
        assertEquals(new Introspection.Standing.Active(token), standing);
        var request = service.requests().get(0);
        assertEquals("token=" + token.compact() + "&consume=true", request.body());
        assertEquals("Bearer " + SECRET, request.header("Authorization"));
        assertEquals("application/x-www-form-urlencoded", request.header("Content-Type"));
    }

    private static Reply active(VerifiedToken token, String use) {
        return json(
                "{\"active\": true, \"jti\": \"%s\", \"countersign_single_use\": \"%s\"}".formatted(token.id(), use));
    }

    @Test
    void aTokenThatWasOnlyLookedAtIsNotSpent() {
        assertInstanceOf(Introspection.Standing.Unknown.class, consume(active(token(), "unused")));
    }

    @Test
    void lookingDoesNotConsume() {
        VerifiedToken token = token();
        service.on(INTROSPECT, active(token, "unused"));
        assertEquals(
                new Introspection.Standing.Active(token),
                new Introspection(service.address(), http, SECRET).look(token));
        assertTrue(!service.requests().get(0).body().contains("consume"));
    }

    @Test
    void inactiveSaysWhy() {
        assertEquals(
                new Introspection.Standing.Inactive("consumed", "attest again"),
                consume(
                        json(
                                "{\"active\": false, \"countersign_reason\": \"consumed\", \"countersign_hint\": \"attest again\"}")));
    }

    static Stream<Reply> noCleanYes() {
        return Stream.of(
                json(YES.replace("true", "\"true\"")),
                json(YES.replace("true", "1")),
                json(YES.replace("true", "null")),
                json("{}"),
                json(YES.replace("true", "true, \"active\": true")),
                json(YES.replace("4f7c", "5f7c")),
                json("{\"active\": true}"),
                json("[" + YES + "]"),
                json("true"),
                json(YES + " {}"),
                json("<html>active: true</html>"),
                json(""),
                status(201, YES),
                status(302, YES, "Location", "/elsewhere"),
                status(401, problem(401, "unauthenticated", "")),
                status(403, problem(403, "forbidden", ", \"active\": true")),
                status(500, YES),
                status(503, problem(503, "store-unavailable", "")),
                StubService.brokenOff(),
                StubService.endless(),
                StubService.huge());
    }

    @Test
    void theYesThatTheBadAnswersAreMadeOfIsOne() {
        assertInstanceOf(Introspection.Standing.Active.class, consume(json(YES)));
    }

    @ParameterizedTest
    @MethodSource("noCleanYes")
    void everythingButACleanYesIsNo(Reply reply) {
        assertInstanceOf(Introspection.Standing.Unknown.class, consume(reply));
        assertEquals(1, service.requests(INTROSPECT).size(), "the question is not repeated");
        assertEquals(1, service.requests().size(), "no redirect is followed");
    }

    private BackgroundCheck check() {
        return new BackgroundCheck(service.address(), http, SECRET, AUDIENCE, verifier);
    }

    private static Reply attested(String token) {
        return json("{\"token\": \"" + token + "\", \"expires_at\": \"2026-11-23T12:05:00Z\"}");
    }

    private String tokenFor(Bytes nonce, String freshness) {
        Map<String, Object> claims = maker.claims(Instant.now());
        claims.put("eat_nonce", nonce.base64Url());
        claims.put("countersign_freshness", freshness);
        return maker.sign(claims);
    }

    @Test
    void postsTheEvidenceWithItsOwnNonceAndVerifiesTheToken() throws Exception {
        Bytes nonce = check().nonce();
        service.on(ATTESTATIONS, attested(tokenFor(nonce, "caller")));
        var standing = check().check(nonce, "{\"cpu0\": {\"type\": \"tdx\"}}", Optional.empty(), Optional.of("p"));
        assertInstanceOf(BackgroundCheck.Standing.Good.class, standing);
        var request = service.requests().get(0);
        assertEquals("Bearer " + SECRET, request.header("Authorization"));
        assertEquals(StrictJson.object("""
                        {"audience": "%s", "nonce": "%s", "policy": "p", "evidence": {"cpu0": {"type": "tdx"}}}""".formatted(AUDIENCE, nonce.base64Url())), StrictJson.object(request.body()));
    }

    @Test
    void aTokenForAnotherNonceIsNotAccepted() {
        service.on(ATTESTATIONS, attested(tokenFor(check().nonce(), "caller")));
        var refused = assertInstanceOf(
                BackgroundCheck.Standing.NotAccepted.class,
                check().check(check().nonce(), "{}", Optional.empty(), Optional.empty()));
        assertEquals(Refusal.Code.NONCE_WRONG, refused.refusal().code());
    }

    @Test
    void aPassportIsNoBackgroundCheck() {
        Bytes nonce = check().nonce();
        service.on(ATTESTATIONS, attested(tokenFor(nonce, "challenge")));
        var refused = assertInstanceOf(
                BackgroundCheck.Standing.NotAccepted.class,
                check().check(nonce, "{}", Optional.empty(), Optional.empty()));
        assertEquals(Refusal.Code.FRESHNESS_WRONG, refused.refusal().code());
    }

    @Test
    void aRefusalKeepsItsReasons() {
        service.on(ATTESTATIONS, status(403, problem(403, "appraisal-refused", "")));
        var not = assertInstanceOf(
                BackgroundCheck.Standing.NotAttested.class,
                check().check(check().nonce(), "{}", Optional.empty(), Optional.empty()));
        assertInstanceOf(AttestationOutcome.Refused.class, not.outcome());
    }

    @Test
    void whatAMachineSendsIsNotSentOnUnlessItIsAnObject() {
        for (String evidence : new String[] {"", "[]", "{\"cpu0\": 1, \"cpu0\": 2}", "{} {}", "[".repeat(10_000)}) {
            assertInstanceOf(
                    BackgroundCheck.Standing.Unreadable.class,
                    check().check(check().nonce(), evidence, Optional.empty(), Optional.empty()));
        }
        assertEquals(0, service.requests().size());
    }
}
