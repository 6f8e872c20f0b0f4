package io.countersign.verifier.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    private static final ClaimCatalogue CATALOGUE = new ClaimCatalogue(List.of(
            new ClaimDefinition("debug", new ClaimType.Flag(), "whether the host may debug the guest"),
            new ClaimDefinition("snp.version", new ClaimType.UnsignedInteger(), "the report's version"),
            new ClaimDefinition("snp.reported_tcb.snp", new ClaimType.UnsignedInteger(), "the SNP firmware's level"),
            new ClaimDefinition("snp.reported_tcb.tee", new ClaimType.UnsignedInteger(), "the TEE's level"),
            new ClaimDefinition("measurement", new ClaimType.Hex(4), "what was launched"),
            new ClaimDefinition("ids", new ClaimType.TextList(), "advisories")));

    @Test
    void pathsNestInJsonAndStayFlatForPolicies() {
        var claims = Claims.of(CATALOGUE)
                .with("debug", false)
                .with("snp.version", 3L)
                .with("snp.reported_tcb.snp", 24L)
                .with("snp.reported_tcb.tee", 0L)
                .with("measurement", Bytes.fromHex("0A0B0C0D"))
                .build();
        assertEquals(
                Map.of(
                        "debug",
                        false,
                        "snp",
                        Map.of("version", 3L, "reported_tcb", Map.of("snp", 24L, "tee", 0L)),
                        "measurement",
                        "0a0b0c0d"),
                claims.asTree());
        assertEquals(Optional.of(24L), claims.find("snp.reported_tcb.snp"));
        assertEquals(
                List.of("debug", "snp.version", "snp.reported_tcb.snp", "snp.reported_tcb.tee", "measurement"),
                List.copyOf(claims.byPath().keySet()));
    }

    @Test
    void aClaimThatWasNotMadeIsNotThere() {
        var claims = Claims.of(CATALOGUE).with("debug", true).build();
        assertTrue(claims.find("snp.version").isEmpty());
        assertEquals(Map.of("debug", true), claims.asTree());
    }

    @Test
    void aClaimThatNobodyDeclaredIsOurBug() {
        var building = Claims.of(CATALOGUE);
        assertThrows(IllegalStateException.class, () -> building.with("debugg", true));
    }

    @Test
    void aValueOfAnotherTypeIsOurBug() {
        var building = Claims.of(CATALOGUE);
        assertThrows(IllegalStateException.class, () -> building.with("debug", "false"));
        assertThrows(IllegalStateException.class, () -> building.with("snp.version", 3));
        assertThrows(IllegalStateException.class, () -> building.with("measurement", Bytes.zeros(5)));
        assertThrows(IllegalStateException.class, () -> building.with("ids", List.of(1)));
    }

    @Test
    void whatIsBuiltDoesNotChangeAfterwards() {
        var building = Claims.of(CATALOGUE).with("debug", true);
        var claims = building.build();
        assertThrows(IllegalStateException.class, () -> building.with("debug", false));
        assertEquals(Optional.of(true), claims.find("debug"));
        assertThrows(UnsupportedOperationException.class, () -> claims.byPath().put("debug", false));
    }

    @Test
    void aCatalogueDeclaresEachClaimOnce() {
        var twice = new ClaimDefinition("debug", new ClaimType.Flag(), "once");
        assertThrows(IllegalArgumentException.class, () -> new ClaimCatalogue(List.of(twice, twice)));
    }

    @Test
    void integersAreUnsignedAndExactInEveryJsonReader() {
        var type = new ClaimType.UnsignedInteger();
        assertEquals((1L << 53) - 1, type.rendered((1L << 53) - 1));
        assertEquals(0L, type.rendered(0L));
        assertThrows(IllegalStateException.class, () -> type.rendered(1L << 53));
        assertThrows(IllegalStateException.class, () -> type.rendered(-1L));
    }

    @Test
    void timesAreRfc3339InUtc() {
        assertEquals("2026-06-01T00:00:00Z", new ClaimType.Time().rendered(Instant.parse("2026-06-01T02:00:00+02:00")));
    }

    @Test
    void textsVersionsAndListsAreShownAsTheyAre() {
        assertEquals("Milan", new ClaimType.Text().rendered("Milan"));
        assertEquals("1.55.29", new ClaimType.Version().rendered("1.55.29"));
        assertEquals(List.of("a", "b"), new ClaimType.TextList().rendered(List.of("a", "b")));
    }

    @Test
    void wordIsOneOfItsWords() {
        var word = ClaimType.Word.of("on", "off", "on");
        assertEquals(List.of("on", "off"), word.words());
        assertEquals("on", word.rendered("on"));
        assertThrows(IllegalStateException.class, () -> word.rendered("On"));
        assertThrows(IllegalStateException.class, () -> word.rendered(1L));
        assertThrows(IllegalArgumentException.class, ClaimType.Word::of);
    }
}
