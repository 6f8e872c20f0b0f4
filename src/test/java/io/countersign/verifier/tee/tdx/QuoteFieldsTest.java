package io.countersign.verifier.tee.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.scheme.Field;
import io.countersign.verifier.tee.tdx.quote.QuoteMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is shown of a quote stands where it is said to stand. */
class QuoteFieldsTest {
    static List<Quotes.Case> cases() {
        return Quotes.cases();
    }

    private static List<Field> fields(Quotes.Case read, Bytes quote) throws EvidenceException {
        return Tdx.scheme(read).show(Tdx.parse(read, quote));
    }

    /** Where each structure begins in a quote. */
    private static Map<String, Integer> begins(Bytes quote) {
        QuoteMap map = QuoteMap.of(quote);
        return Map.of(
                "quote header", 0,
                "TD report", map.body(),
                "enclave report", map.body(),
                "quote signature data", map.section(),
                "QE report", map.qeReport());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyShownFieldHoldsTheBytesAtItsOffset(Quotes.Case read) throws EvidenceException {
        Bytes quote = read.quote();
        int compared = 0;
        for (Field field : fields(read, quote)) {
            Integer begin = begins(quote).get(field.structure());
            if (begin == null) {
                continue;
            }
            Bytes found = quote.slice(begin + field.offset(), begin + field.offset() + field.length());
            String value = field.value().replaceFirst(" \\(.*", "");
            boolean number = field.length() == 2 && value.matches("[0-9]+");
            boolean same = number
                    ? QuoteMap.u16(found, 0) == Integer.parseInt(value)
                    : value.equals(found.toString())
                            || value.equals(found.reversed().toString());
            assertTrue(same, () -> field + " is " + found);
            compared++;
        }
        // Header, body, keys and signatures, QE report: all but what is reserved.
        assertEquals(read.ofTd() ? (QuoteMap.of(quote).version() == 5 ? 39 : 37) : 34, compared);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void thePaddingAndEveryCertificateAreShown(Quotes.Case read) throws EvidenceException {
        List<Field> fields = fields(read, read.quote());
        Field padding = fields.getLast();
        assertEquals("padding", padding.name());
        assertEquals(read.json().get("authenticated_len").asInt(), padding.offset());
        assertEquals(read.json().get("trailing_bytes").asInt(), padding.length());
        assertEquals(read.json().get("trailing_all_zero").asBoolean(true) ? "zeros" : "not all zero", padding.value());
        assertEquals(
                List.of("certificate 0", "certificate 1", "certificate 2"),
                fields.stream()
                        .map(Field::structure)
                        .filter(structure -> structure.startsWith("certificate"))
                        .distinct()
                        .toList());
        assertTrue(fields.stream()
                .anyMatch(field -> field.name().equals("FMSPC")
                        && field.value().equals(read.json().get("fmspc").asText())));
    }

    /** Anybody may have a quote shown: what cannot be read is said, and nothing is left out for it. */
    @Test
    void certificationDataThatAreNoCertificatesAreShownAsUnreadable() throws EvidenceException {
        Quotes.Case read = Tdx.v4();
        QuoteMap map = QuoteMap.of(read.quote());
        for (Bytes chain : List.of(
                Bytes.utf8("no certificate"),
                Bytes.fromHex("308003"),
                Bytes.utf8("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))) {
            List<Field> fields = fields(read, map.withChain(read.quote(), chain));
            assertTrue(fields.stream().anyMatch(field -> field.name().equals("unreadable")), chain.toString());
            assertTrue(fields.stream().anyMatch(field -> field.name().equals("MRTD")));
        }
        List<Field> empty = fields(read, map.withChain(read.quote(), Bytes.empty()));
        assertTrue(empty.stream().noneMatch(field -> field.structure().startsWith("certificat")));
    }
}
