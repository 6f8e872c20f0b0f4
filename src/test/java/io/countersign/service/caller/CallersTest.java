package io.countersign.service.caller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.access.Asked;
import io.countersign.service.access.Gate;
import io.countersign.service.access.Identification;
import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.config.CallerConfig;
import io.countersign.verifier.bytes.Bytes;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallersTest {
    private static final String SECRET = "J7c0mB1kQm2v5t8y_B-DaGdKgNjRmUpXsZv3y6A9DcE";
    private static final Set<String> AUDIENCES = Set.of("kms", "vault");

    private static CallerEntry entry(String secret, String... audiences) {
        return CallerEntry.ofSecret(secret).speakingFor(audiences);
    }

    private static Callers callers(Map<String, CallerConfig> configured) {
        return new Callers(configured, AUDIENCES, new AccessRules.Open());
    }

    /** Who sends a request with these header lines, while no role is asked for. */
    private static Caller identify(Callers callers, List<String> authorization) {
        var gate = new Gate(
                new AccessRules.Open(), new Identification(callers, Optional.empty(), InstantSource.system()), _ -> {});
        return switch (gate.decide(new Asked("/v1/appraisals", "/v1/appraisals", authorization, List.of()))) {
            case Gate.Decision.Admitted(var caller) -> caller;
            case Gate.Decision.StatusAlone _ -> throw new AssertionError("this is no question about health");
            case Gate.Decision.Refused(var problem) -> throw new CountersignException(problem);
        };
    }

    private static Callers one() {
        return callers(Map.of("kms", entry(SECRET, "kms")));
    }

    @Test
    void whoShowsTheSecretIsTheCaller() {
        Callers two = callers(Map.of("kms", entry(SECRET, "kms"), "next", entry(SECRET + "n", "kms", "vault")));
        assertEquals(new Caller.Known("kms", Set.of("kms"), Role.all()), identify(two, List.of("Bearer " + SECRET)));
        assertEquals(
                new Caller.Known("next", Set.of("kms", "vault"), Role.all()),
                identify(two, List.of("bearer  " + SECRET + "n")));
    }

    @Test
    void whoShowsNothingIsNobody() {
        assertEquals(new Caller.Anonymous(Role.all()), identify(one(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Bearer",
                "Bearer ",
                "Bearer\t" + SECRET,
                "Bearer" + SECRET,
                "Basic " + SECRET,
                "Bearer " + SECRET + "A",
                "Bearer A" + SECRET,
                "Bearer " + SECRET + " x",
                "Bearer " + SECRET + ",",
                "Bearer \"" + SECRET + "\"",
                "Bearer =",
                "Bearer sch\u00f6n",
            })
    void whoShowsAnythingElseIsRefused(String line) {
        refused(one(), List.of(line));
    }

    @Test
    void whereNobodyIsRegisteredNobodyIsAskedWhoHeIs() {
        assertEquals(new Caller.Anonymous(Role.all()), identify(callers(Map.of()), List.of("Basic " + SECRET)));
    }

    @Test
    void theHashIsNotTheSecret() {
        refused(one(), List.of("Bearer " + Bytes.utf8(SECRET).sha256()));
    }

    @Test
    void whoShowsItTwiceIsRefused() {
        refused(one(), List.of("Bearer " + SECRET, "Bearer " + SECRET));
    }

    private static void refused(Callers callers, List<String> lines) {
        var problem = assertThrows(CountersignException.class, () -> identify(callers, lines))
                .problem();
        assertEquals(ProblemCode.UNAUTHENTICATED, problem.code());
        assertFalse(problem.document().toString().contains(SECRET), problem::toString);
    }

    @Test
    void theHashMayBeWrittenInEitherCase() {
        String upper = Bytes.utf8(SECRET).sha256().toString().toUpperCase(Locale.ROOT);
        Callers callers = callers(Map.of("kms", CallerEntry.ofHash(upper).speakingFor("kms")));
        assertEquals(
                new Caller.Known("kms", Set.of("kms"), Role.all()), identify(callers, List.of("Bearer " + SECRET)));
    }

    @Test
    void whoSpeaksForAnAudienceIsKnown() {
        assertEquals(Callers.Spoken.BY_SOMEBODY, one().spokenFor("kms"));
        assertEquals(Callers.Spoken.BY_NOBODY, one().spokenFor("vault"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                SECRET,
                "sha256:0000000000000000000000000000000000000000000000000000000000000000",
                "000000000000000000000000000000000000000000000000000000000000000",
                "00000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000000\n",
                "000000000000000000000000000000000000000000000000000000000000000g",
            })
    void whatIsNo64HexDigitsStopsTheStart(String hash) {
        stops(
                "countersign.callers.kms.secret-sha256",
                Map.of("kms", CallerEntry.ofHash(hash).speakingFor("kms")));
    }

    @Test
    void oneSecretForTwoCallersStopsTheStart() {
        String why = stops("secret-sha256", Map.of("a", entry(SECRET, "kms"), "b", entry(SECRET, "vault")));
        assertTrue(why.contains("countersign.callers.a") && why.contains("countersign.callers.b"), why);
    }

    @Test
    void anAudienceThatIsNotRegisteredStopsTheStart() {
        String why = stops("countersign.callers.kms.audiences", Map.of("kms", entry(SECRET, "kms", "vualt")));
        assertTrue(why.contains("countersign.audiences.vualt"), why);
    }

    @Test
    void noAudienceStopsTheStart() {
        stops("countersign.callers.kms.audiences", Map.of("kms", entry(SECRET)));
    }

    private static String stops(String key, Map<String, CallerConfig> configured) {
        String why = String.valueOf(assertThrows(IllegalArgumentException.class, () -> callers(configured))
                .getMessage());
        assertTrue(why.contains(key), why);
        assertFalse(why.contains(SECRET), why);
        return why;
    }
}
