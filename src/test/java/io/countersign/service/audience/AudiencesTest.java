package io.countersign.service.audience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.config.CountersignConfig;
import io.countersign.verifier.token.Dialect;
import io.countersign.verifier.token.RelyingParty;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the register of audiences takes, and what stops the start. */
class AudiencesTest {
    private record Entry(
            String uri, List<String> policies, boolean callerNonce, String typ, String dialect, String detail)
            implements CountersignConfig.Audience {}

    private static final Entry KMS = new Entry("https://kms", List.of("gateway"), false, "eat+jwt", "ear", "brief");

    private static RelyingParty read(Entry entry) {
        return new Audiences(Map.of("kms", entry))
                .find(entry.uri())
                .orElseThrow()
                .relyingParty();
    }

    private static String refusal(Map<String, CountersignConfig.Audience> configured) {
        return assertThrows(IllegalArgumentException.class, () -> new Audiences(configured))
                .toString();
    }

    @ParameterizedTest
    @CsvSource({"ear, EAR", "ear-legacy, EAR_LEGACY"})
    void aRelyingPartyHasTheDialectThatItIsRegisteredWith(String word, Dialect dialect) {
        assertEquals(
                dialect,
                read(new Entry("https://kms", List.of("gateway"), false, "JWT", word, "full"))
                        .dialect());
    }

    @ParameterizedTest
    @CsvSource({"ear-03", "EAR", "legacy", "''", "'ear '"})
    void anotherDialectStopsTheStart(String word) {
        var entry = new Entry("https://kms", List.of("gateway"), false, "eat+jwt", word, "brief");
        assertTrue(refusal(Map.of("kms", entry))
                .endsWith(": countersign.audiences.kms.dialect is ear or ear-legacy, not " + word));
    }

    @ParameterizedTest
    @CsvSource({"jwt, brief, typ", "eat+jwt, long, detail"})
    void anotherTypeOrDetailStopsTheStart(String typ, String detail, String key) {
        var entry = new Entry("https://kms", List.of("gateway"), false, typ, "ear", detail);
        assertTrue(refusal(Map.of("kms", entry)).contains(": countersign.audiences.kms." + key + " is "));
    }

    @Test
    void anAudienceWithoutPolicyStopsTheStart() {
        var entry = new Entry("https://kms", List.of(), false, "eat+jwt", "ear", "brief");
        assertTrue(refusal(Map.of("kms", entry)).endsWith(": countersign.audiences.kms.policies names no policy"));
    }

    @Test
    void oneUriIsOneAudience() {
        assertTrue(refusal(Map.of("kms", KMS, "other", KMS)).contains("two audiences have the uri https://kms"));
    }

    @Test
    void theFirstPolicyIsTheDefault() {
        var entry = new Entry("https://kms", List.of("gateway", "tools"), false, "eat+jwt", "ear", "brief");
        assertEquals(
                "gateway",
                new Audiences(Map.of("kms", entry))
                        .find("https://kms")
                        .orElseThrow()
                        .defaultPolicy());
    }
}
