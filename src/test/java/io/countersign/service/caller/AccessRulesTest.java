package io.countersign.service.caller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.config.CallerConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration says of roles and identities, and how it is refused. */
class AccessRulesTest {
    private static final String SECRET = "J7c0mB1kQm2v5t8y_B-DaGdKgNjRmUpXsZv3y6A9DcE";
    private static final String HASH = "0f".repeat(32);

    private static Callers callers(Map<String, CallerConfig> configured) {
        return new Callers(configured, Set.of("kms"), AccessRules.of(Optional.empty(), configured));
    }

    @Test
    void theServiceIsOpenUntilARoleIsNamed() {
        CallerEntry plain = CallerEntry.ofSecret(SECRET).speakingFor("kms");
        assertEquals(new AccessRules.Open(), AccessRules.of(Optional.empty(), Map.of()));
        assertEquals(new AccessRules.Open(), AccessRules.of(Optional.empty(), Map.of("kms", plain)));
        assertEquals(
                new AccessRules.ByRole(Set.of()),
                AccessRules.of(Optional.empty(), Map.of("kms", plain, "gateway", plain.with("attest"))));
        assertEquals(new AccessRules.ByRole(Set.of()), AccessRules.of(Optional.of(List.of("none")), Map.of()));
        assertEquals(
                new AccessRules.ByRole(Set.of(Role.ATTEST, Role.OPERATE)),
                AccessRules.of(Optional.of(List.of("attest", "operate")), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "Attest", "none,attest", "attest,none", "read_policies", "attest,", "*"})
    void aRoleThatIsNoneStopsTheStart(String words) {
        List<String> list = java.util.regex.Pattern.compile(",")
                .splitAsStream(words + " ")
                .map(String::strip)
                .toList();
        String why = why(() -> AccessRules.of(Optional.of(list), Map.of()));
        assertTrue(why.contains("countersign.access.anonymous") && why.contains("attest, read-policies, operate"), why);
        var caller = CallerEntry.ofSecret(SECRET).with(list.toArray(String[]::new));
        assertTrue(why(() -> callers(Map.of("kms", caller))).contains("countersign.callers.kms.roles"));
    }

    @Test
    void aCallerWithNothingToKnowItByOrNothingToDoStopsTheStart() {
        String unknown = why(() -> callers(Map.of("kms", CallerEntry.unmarked().with("attest"))));
        assertTrue(unknown.contains("countersign.callers.kms") && unknown.contains("certificate-san"), unknown);
        String idle = why(() -> callers(Map.of("kms", CallerEntry.ofSecret(SECRET))));
        assertTrue(idle.contains("kms.audiences") && idle.contains("kms.roles"), idle);
    }

    record Twice(String key, CallerEntry entry) {}

    static List<Twice> marks() {
        return List.of(
                new Twice("secret-sha256", CallerEntry.ofSecret(SECRET)),
                new Twice("certificate-sha256", CallerEntry.ofCertificates(List.of(HASH), List.of(), List.of())),
                new Twice("certificate-key-sha256", CallerEntry.ofCertificates(List.of(), List.of(HASH), List.of())),
                new Twice(
                        "certificate-san",
                        CallerEntry.ofCertificates(List.of(), List.of(), List.of("URI:spiffe://example.org/a"))),
                new Twice("oidc-subject", CallerEntry.ofSubject("system:serviceaccount:a:b")));
    }

    @ParameterizedTest
    @MethodSource("marks")
    void oneMarkForTwoCallersStopsTheStart(Twice twice) {
        String why = why(() -> callers(
                Map.of("a", twice.entry().with("attest"), "b", twice.entry().with("operate"))));
        assertTrue(
                why.contains("countersign.callers.a")
                        && why.contains("countersign.callers.b")
                        && why.contains(twice.key()),
                why);
    }

    @Test
    void theSameMarkInAnotherSpellingIsTheSame() {
        String colons = HASH.toUpperCase(java.util.Locale.ROOT).replaceAll("(..)(?=.)", "$1:");
        CallerEntry one = CallerEntry.ofCertificates(List.of(HASH), List.of(), List.of("DNS:a.example"));
        for (CallerEntry other : List.of(
                CallerEntry.ofCertificates(List.of(colons), List.of(), List.of()),
                CallerEntry.ofCertificates(List.of(), List.of(), List.of("DNS:A.Example")))) {
            why(() -> callers(Map.of("a", one.with("attest"), "b", other.with("attest"))));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"spiffe://example.org/a", "URI:", "URI:a", "DNS:*.example.org", "DNS:", "IP:127.0.0.1", "DNS:a b"
            })
    void aNameThatIsNoneStopsTheStart(String name) {
        String why = why(() -> callers(Map.of(
                "kms",
                CallerEntry.ofCertificates(List.of(), List.of(), List.of(name)).with("attest"))));
        assertTrue(why.contains("countersign.callers.kms.certificate-san"), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0f", "sha256:00", "0g0f"})
    void aHashThatIsNoneStopsTheStart(String hash) {
        assertTrue(why(() -> callers(Map.of(
                        "kms",
                        CallerEntry.ofCertificates(List.of(hash), List.of(), List.of())
                                .with("attest"))))
                .contains("kms.certificate-sha256"));
        assertTrue(why(() -> callers(Map.of(
                        "kms",
                        CallerEntry.ofCertificates(List.of(), List.of(hash), List.of())
                                .with("attest"))))
                .contains("kms.certificate-key-sha256"));
    }

    private static String why(Runnable start) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, start::run).getMessage());
    }
}
