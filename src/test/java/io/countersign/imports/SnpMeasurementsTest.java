package io.countersign.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.imports.SnpMeasurements.Kind;
import io.countersign.verifier.bytes.Bytes;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnpMeasurementsTest {
    private static final String A = "5f3a".repeat(24);
    private static final String B = "6e01".repeat(24);

    private static Imported read(String text) throws ImportException {
        return SnpMeasurements.read("list", Bytes.utf8(text), Kind.LAUNCH_MEASUREMENT);
    }

    private static List<ImportedValue> values(String text) throws ImportException {
        return read(text).sets().getFirst().values();
    }

    private static String refusal(String text) {
        return String.valueOf(
                assertThrows(ImportException.class, () -> read(text)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s",
                "0x%s",
                "sha384:%s",
                "Launch Digest: %s",
                "Calculated measurement: %s\n",
                "\"%s\",",
                "- %s",
                "\uFEFF%s\r\n\r\n# a comment\r\n",
                "[\"%s\"]",
                "{\"measurement\": \"%s\"}",
                "[{\"launch_measurement\": \"0x%s\"}]",
                "{\"snp\": [{\"TrustedMeasurement\": \"%s\"}]}"
            })
    void digestIsFoundInEveryForm(String form) throws ImportException {
        assertEquals(
                List.of(A),
                values(form.formatted(A)).stream().map(ImportedValue::value).toList());
        assertEquals("", values(form.formatted(A)).getFirst().note().replace("snp", ""));
    }

    static List<String> labelled() {
        return List.of(
                "gateway 2026.11: %s",
                "gateway 2026.11 = %s",
                "%s  gateway 2026.11",
                "%s,gateway 2026.11",
                "%s # gateway 2026.11",
                "{\"gateway 2026.11\": \"%s\"}",
                "{\"gateway 2026.11\": {\"digest\": \"%s\"}}",
                "[{\"name\": \"gateway 2026.11\", \"measurement\": \"%s\"}]");
    }

    @ParameterizedTest
    @MethodSource("labelled")
    void labelBecomesTheNote(String form) throws ImportException {
        assertEquals(List.of(new ImportedValue(A, "gateway 2026.11")), values(form.formatted(A)));
    }

    @Test
    void whatTellsMeasurementsApartIsKept() throws ImportException {
        assertEquals(
                "gateway, vcpus 4, vcpu_type EPYC-v4",
                values("[{\"name\":\"gateway\",\"vcpus\":4,\"vcpu_type\":\"EPYC-v4\",\"measurement\":\"%s\"}]"
                                .formatted(A))
                        .getFirst()
                        .note());
    }

    @Test
    void base64AndUpperCaseAreWrittenAsClaimsAre() throws ImportException {
        String base64 = Base64.getEncoder().encodeToString(Bytes.fromHex(A).toByteArray());
        String url = Base64.getUrlEncoder().encodeToString(Bytes.fromHex(B).toByteArray());
        Imported imported = read("one " + base64 + "\n" + url + "\n" + "AB".repeat(48) + "\n");
        assertEquals(
                List.of(A, B, "ab".repeat(48)),
                imported.sets().getFirst().values().stream()
                        .map(ImportedValue::value)
                        .toList());
        assertEquals(
                List.of(
                        "line 1 was in base64 and is written in hex",
                        "line 2 was in base64 and is written in hex",
                        "line 3 was in upper case and is written in lower case, as claims are"),
                imported.notes());
    }

    @Test
    void repeatedDigestIsWrittenOnceWithBothLabels() throws ImportException {
        Imported imported = read("one: %s\ntwo: %s\n".formatted(A, A));
        assertEquals(
                List.of(new ImportedValue(A, "one; two")),
                imported.sets().getFirst().values());
        assertEquals(List.of("line 2 repeats a digest that stands above it; it is written once"), imported.notes());
    }

    @Test
    void keysOfIdBlocksHaveTheirOwnClaim() throws ImportException {
        ImportedSet set = SnpMeasurements.read("keys", Bytes.utf8(A), Kind.ID_KEY_DIGEST)
                .sets()
                .getFirst();
        assertEquals("snp.id_key_digest", set.claim());
        assertEquals("release_keys", set.name());
    }

    @Test
    void refusalsSayWhereAndWhatWasExpected() {
        assertEquals(
                "list, line 2: it has 64 hex digits (a SHA-256 has as many); a SHA-384 has 96. Expected 96 hex digits, or base64 of 48 bytes.",
                refusal("# images\nimage " + "ab".repeat(32)));
        assertTrue(refusal("a " + A + " " + B).contains("line 1: it holds 2 digests"));
        assertTrue(refusal(A + "\nno digest here").contains("line 2: \"no digest here\" holds no SHA-384"));
        assertTrue(refusal("ok: " + "00".repeat(48)).contains("a digest of zeros"));
        assertTrue(refusal("{\"a\":\"%s\",\"a\":\"%s\"}".formatted(A, B)).contains("a member stands twice"));
        assertTrue(refusal("{\"a\": 5}").contains("$.a: number stands where a digest was expected"));
        assertTrue(refusal("[\"%s\", \"abc\"]".formatted(A)).startsWith("list, $[1]: it has 3 hex digits"));
        assertTrue(refusal("").contains("there is no digest in it"));
        assertTrue(refusal("[]").contains("there is no digest in it"));
        assertTrue(refusal("{\"digest\":\"%s\",\"measurement\":\"%s\"}".formatted(A, B))
                .contains("hold a digest"));
        assertTrue(refusal("[".repeat(20) + "]".repeat(20)).contains("nests deeper"));
        assertTrue(refusal("[".repeat(2000)).contains("it begins like JSON and is not"));
        assertTrue(refusal("{\"a\":\"%s\"} x".formatted(A)).startsWith("list"));
        assertTrue(refusal("a".repeat(2_000_000)).contains("at most 1048576 are read"));
    }

    @Test
    void rawBytesAreRefused() {
        var e = assertThrows(
                ImportException.class,
                () -> SnpMeasurements.read("raw", Bytes.fromHex("fe".repeat(48)), Kind.SNP_MEASUREMENT));
        assertTrue(String.valueOf(e.getMessage()).contains("not text in UTF-8"), e.getMessage());
    }

    @Test
    void nameOfTheSetIsChecked() {
        assertThrows(
                ImportException.class,
                () -> SnpMeasurements.read("list", Bytes.utf8(A), Kind.LAUNCH_MEASUREMENT, "Not a name"));
    }
}
