package io.countersign.service.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.access.Gate.Decision;
import io.countersign.service.caller.AccessRules;
import io.countersign.service.caller.Caller;
import io.countersign.service.caller.CallerEntry;
import io.countersign.service.caller.Callers;
import io.countersign.service.caller.Role;
import io.countersign.service.config.CallerConfig;
import io.countersign.testkit.TlsAuthority;
import io.countersign.testkit.TlsAuthority.Holder;
import io.countersign.testkit.TlsAuthority.Wish;
import io.countersign.verifier.bytes.Bytes;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decided before any resource sees a request. */
class GateTest {
    private static final String SECRET = "J7c0mB1kQm2v5t8y_B-DaGdKgNjRmUpXsZv3y6A9DcE";
    private static final String OTHER = "K7c0mB1kQm2v5t8y_B-DaGdKgNjRmUpXsZv3y6A9DcE";
    private static final TlsAuthority AUTHORITY = new TlsAuthority("callers ca");
    private static final Holder SPIFFE =
            AUTHORITY.make(Wish.client("kms").uris("spiffe://example.org/kms").hosts("kms.example.org"));

    private final List<Refusal> refusals = new ArrayList<>();
    private Instant now = Instant.now();

    private Gate gate(Map<String, CallerConfig> callers, String... anonymous) {
        var rules = AccessRules.of(anonymous.length == 0 ? Optional.empty() : Optional.of(List.of(anonymous)), callers);
        var register = new Callers(callers, Set.of("kms"), rules);
        return new Gate(rules, new Identification(register, Optional.empty(), () -> now), refusals::add);
    }

    private static Asked asked(String path, List<String> authorization, X509Certificate... chain) {
        return new Asked(path, path, authorization, List.of(chain));
    }

    private static Asked with(String secret, String path) {
        return asked(path, List.of("Bearer " + secret));
    }

    private static int status(Decision decision) {
        return switch (decision) {
            case Decision.Admitted _, Decision.StatusAlone _ -> 200;
            case Decision.Refused(var problem) -> problem.code().status();
        };
    }

    private void refused(Refusal why, Decision decision) {
        assertEquals(why == Refusal.ROUTE_UNKNOWN ? 404 : why == Refusal.ROLE_MISSING ? 403 : 401, status(decision));
        assertEquals(why, refusals.getLast());
    }

    private static void admitted(String name, Decision decision) {
        assertTrue(
                decision instanceof Decision.Admitted(Caller.Known known)
                        && known.name().equals(name),
                decision::toString);
    }

    @Test
    void withoutRolesEverybodyMayDoEverythingThatNobodyThoughtOfIncluded() {
        for (Gate open : List.of(
                gate(Map.of()), gate(Map.of("kms", CallerEntry.ofSecret(SECRET).speakingFor("kms"))))) {
            for (String path : List.of("/v1/policies", "/q/metrics", "/q/health", "/anything")) {
                assertEquals(
                        new Decision.Admitted(new Caller.Anonymous(Role.all())), open.decide(asked(path, List.of())));
            }
        }
    }

    @Test
    void oneCallerWithARoleClosesTheServiceToEverybodyElse() {
        Gate gate = gate(Map.of(
                "gateway", CallerEntry.ofSecret(SECRET).with("attest"),
                "kms", CallerEntry.ofSecret(OTHER).speakingFor("kms")));
        refused(Refusal.NO_CREDENTIALS, gate.decide(asked("/v1/appraisals", List.of())));
        admitted("gateway", gate.decide(with(SECRET, "/v1/appraisals")));
        refused(Refusal.ROLE_MISSING, gate.decide(with(SECRET, "/v1/policies")));
        // Nothing but what a caller speaks for its audiences with.
        refused(Refusal.ROLE_MISSING, gate.decide(with(OTHER, "/v1/appraisals")));
        admitted("kms", gate.decide(with(OTHER, "/v1/tokens/introspect")));
        refused(Refusal.NO_CREDENTIALS, gate.decide(asked("/v1/tokens/introspect", List.of())));
    }

    @Test
    void whatEverybodyMayDoEveryCallerMayToo() {
        Gate gate = gate(Map.of("reader", CallerEntry.ofSecret(SECRET).with("read-policies")), "attest");
        assertEquals(
                new Decision.Admitted(new Caller.Anonymous(Set.of(Role.ATTEST))),
                gate.decide(asked("/v1/challenges", List.of())));
        admitted("reader", gate.decide(with(SECRET, "/v1/challenges")));
        admitted("reader", gate.decide(with(SECRET, "/v1/policies")));
        refused(Refusal.NO_CREDENTIALS, gate.decide(asked("/v1/policies", List.of())));
    }

    @Test
    void noneClosesTheServiceThoughNoCallerHasARole() {
        Gate gate = gate(Map.of(), "none");
        for (String path : List.of("/v1/challenges", "/v1/policies", "/q/metrics", "/anything")) {
            refused(Refusal.NO_CREDENTIALS, gate.decide(asked(path, List.of())));
        }
    }

    @Test
    void whatNobodyThoughtOfIsAnsweredToNobody() {
        Gate gate = gate(Map.of("all", CallerEntry.ofSecret(SECRET).with("attest", "read-policies", "operate")));
        for (String path : List.of("/", "/v1/new", "/q/dev", "/v1/policies/", "/v1/policies/a/b", "/admin", "*")) {
            refused(Refusal.NO_CREDENTIALS, gate.decide(asked(path, List.of())));
            refused(Refusal.ROUTE_UNKNOWN, gate.decide(with(SECRET, path)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/./policies",
                "/v1/schemas/../policies",
                "//v1/policies",
                "/v1/polic%69es",
                "/v1/schemas/request.json/../../policies",
                "/docs/problems/..%2f..%2fv1/policies",
                "/.well-known/jwks.json/../../v1/policies",
                "/v1/policies;a=b",
                "/v1/schemas/request.json;x",
                "/V1/policies",
            })
    void anotherSpellingOfAPathIsNoWayIn(String sent) {
        Gate gate = gate(Map.of("gateway", CallerEntry.ofSecret(SECRET).with("attest")));
        for (String resolved : List.of(sent, "/v1/policies", "/v1/schemas/request.json")) {
            Decision decision = gate.decide(new Asked(resolved, sent, List.of(), List.of()));
            assertEquals(401, status(decision), resolved);
        }
    }

    @Test
    void healthIsTheOneRouteWhereAWrongCredentialIsNobodys() {
        Gate gate = gate(Map.of("operator", CallerEntry.ofSecret(SECRET).with("operate")));
        for (String path : List.of("/q/health", "/q/health/live", "/q/health/ready", "/q/health/started")) {
            assertEquals(new Decision.StatusAlone(), gate.decide(asked(path, List.of())));
            assertEquals(new Decision.StatusAlone(), gate.decide(with(OTHER, path)));
            admitted("operator", gate.decide(with(SECRET, path)));
        }
        refused(Refusal.SECRET_UNKNOWN, gate.decide(with(OTHER, "/q/metrics")));
    }

    private static CallerEntry certificates(List<String> whole, List<String> keys, List<String> names) {
        return CallerEntry.ofCertificates(whole, keys, names).with("attest");
    }

    private static String sha256(X509Certificate certificate) throws CertificateEncodingException {
        return Bytes.copyOf(certificate.getEncoded()).sha256().toString();
    }

    private Decision connected(Gate gate, X509Certificate certificate, String... authorization) {
        return gate.decide(asked("/v1/challenges", List.of(authorization), certificate));
    }

    @Test
    void aCertificateIsKnownByItsHashItsKeyOrItsName() throws CertificateEncodingException {
        String key = Bytes.copyOf(SPIFFE.certificate().getPublicKey().getEncoded())
                .sha256()
                .toString();
        for (CallerEntry entry : List.of(
                certificates(List.of(sha256(SPIFFE.certificate())), List.of(), List.of()),
                certificates(List.of(), List.of(key), List.of()),
                certificates(List.of(), List.of(), List.of("URI:spiffe://example.org/kms")),
                certificates(List.of(), List.of(), List.of("DNS:KMS.example.org")))) {
            Gate gate = gate(Map.of("kms", entry));
            admitted("kms", connected(gate, SPIFFE.certificate()));
            refused(
                    Refusal.CERTIFICATE_UNKNOWN,
                    connected(gate, AUTHORITY.make(Wish.client("kms")).certificate()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spiffe://example.org/kms/",
                "spiffe://example.org/kms2",
                "spiffe://EXAMPLE.org/kms",
                "spiffe://example.org",
                "DNS:spiffe://example.org/kms",
            })
    void aNameIsComparedWhole(String name) {
        Gate gate = gate(Map.of("kms", certificates(List.of(), List.of(), List.of("URI:spiffe://example.org/kms"))));
        refused(
                Refusal.CERTIFICATE_UNKNOWN,
                connected(gate, AUTHORITY.make(Wish.client("kms").uris(name)).certificate()));
        refused(
                Refusal.CERTIFICATE_UNKNOWN,
                connected(
                        gate,
                        AUTHORITY
                                .make(Wish.client("URI:spiffe://example.org/kms")
                                        .hosts("spiffe.example.org"))
                                .certificate()));
    }

    @Test
    void namesOfTwoCallersNameNobody() {
        Gate gate = gate(Map.of(
                "a", certificates(List.of(), List.of(), List.of("URI:spiffe://example.org/kms")),
                "b", certificates(List.of(), List.of(), List.of("DNS:kms.example.org"))));
        refused(Refusal.CERTIFICATE_AMBIGUOUS, connected(gate, SPIFFE.certificate()));
    }

    @Test
    void aConnectionDoesNotOutliveItsCertificate() {
        Gate gate = gate(Map.of("kms", certificates(List.of(), List.of(), List.of("URI:spiffe://example.org/kms"))));
        now = SPIFFE.certificate().getNotAfter().toInstant().plusSeconds(1);
        refused(Refusal.CERTIFICATE_ENDED, connected(gate, SPIFFE.certificate()));
        now = SPIFFE.certificate().getNotBefore().toInstant().minus(Duration.ofSeconds(1));
        refused(Refusal.CERTIFICATE_ENDED, connected(gate, SPIFFE.certificate()));
    }

    @Test
    void twoCredentialsAreOfOneCaller() {
        CallerEntry kms = certificates(List.of(), List.of(), List.of("URI:spiffe://example.org/kms"));
        CallerEntry both = new CallerEntry(
                CallerEntry.ofSecret(SECRET).secretSha256(),
                kms.certificateSha256(),
                kms.certificateKeySha256(),
                kms.certificateSan(),
                kms.oidcSubject(),
                kms.audiences(),
                kms.roles());
        Gate gate =
                gate(Map.of("kms", both, "other", CallerEntry.ofSecret(OTHER).with("attest")));
        admitted("kms", connected(gate, SPIFFE.certificate(), "Bearer " + SECRET));
        refused(Refusal.IDENTITIES_DIFFER, connected(gate, SPIFFE.certificate(), "Bearer " + OTHER));
        refused(Refusal.SECRET_UNKNOWN, connected(gate, SPIFFE.certificate(), "Bearer " + OTHER + "x"));
        refused(
                Refusal.CERTIFICATE_UNKNOWN,
                connected(gate, AUTHORITY.make(Wish.client("x")).certificate(), "Bearer " + OTHER));
    }

    @Test
    void whereNobodyIsKnownByACertificateItIsLeftAlone() {
        Gate gate = gate(Map.of("kms", CallerEntry.ofSecret(SECRET).with("attest")));
        admitted("kms", connected(gate, SPIFFE.certificate(), "Bearer " + SECRET));
        refused(Refusal.NO_CREDENTIALS, connected(gate, SPIFFE.certificate()));
    }

    @Test
    void theProblemSaysWhichRoleIsMissingAndWhichKeyGivesIt() {
        Gate gate = gate(Map.of("gateway", CallerEntry.ofSecret(SECRET).with("attest")));
        var refused = (Decision.Refused) gate.decide(with(SECRET, "/v1/policies/baseline"));
        assertEquals("read-policies", refused.problem().extensions().get("role"));
        assertTrue(refused.problem().hint().contains("countersign.callers.gateway.roles"));
    }
}
