package io.countersign.verifier.tee.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.quote.QuoteMap;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.PemBundle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The SGX extension, byte by byte: only Intel's own encoding is read, each entry once and in its range. */
class PckExtensionTest {
    private static final String CONFIGURATION = "7";
    private static final Bytes ZEROS_16 = Bytes.zeros(16);

    /** 1.2.840.113741.1.13.1 */
    private static final Bytes ARC = Bytes.fromHex("2a864886f84d010d01");

    private static final Map<String, Bytes> GOOD = good();

    /** The values of a good extension by the arcs below its OID; those of the nested lists have two arcs. */
    private static Map<String, Bytes> good() {
        var values = new LinkedHashMap<String, Bytes>();
        values.put("1", octets(Bytes.fromHex("01".repeat(16))));
        for (int i = 1; i <= 16; i++) {
            values.put("2." + i, integer(i * 15));
        }
        values.put("2.17", integer(0xFFFF));
        values.put("2.18", octets(Bytes.fromHex("02".repeat(16))));
        values.put("3", octets(Bytes.fromHex("0003")));
        values.put("4", octets(Bytes.fromHex("040404040404")));
        values.put("5", tlv(0x0A, Bytes.fromHex("02")));
        values.put("6", octets(Bytes.fromHex("06".repeat(16))));
        values.put("7.1", Bytes.fromHex("0101ff"));
        values.put("7.2", Bytes.fromHex("010100"));
        values.put("7.3", Bytes.fromHex("0101ff"));
        return values;
    }

    /** One value in DER. */
    private static Bytes tlv(int tag, Bytes content) {
        int length = content.length();
        Bytes head = length < 128
                ? Bytes.copyOf((byte) tag, (byte) length)
                : length < 256
                        ? Bytes.copyOf((byte) tag, (byte) 0x81, (byte) length)
                        : Bytes.copyOf((byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length);
        return Bytes.concat(head, content);
    }

    private static Bytes octets(Bytes content) {
        return tlv(0x04, content);
    }

    private static Bytes integer(int value) {
        Bytes digits = value < 0x80
                ? Bytes.copyOf((byte) value)
                : value < 0x8000
                        ? Bytes.copyOf((byte) (value >> 8), (byte) value)
                        : Bytes.copyOf((byte) 0, (byte) (value >> 8), (byte) value);
        return tlv(0x02, value >= 0x80 && value <= 0xFF ? Bytes.copyOf((byte) 0, (byte) value) : digits);
    }

    private static Bytes pair(String arcs, Bytes value) {
        Bytes oid = ARC;
        for (String arc : arcs.split("\\.", -1)) {
            oid = Bytes.concat(oid, Bytes.copyOf((byte) Integer.parseInt(arc)));
        }
        return tlv(0x30, Bytes.concat(tlv(0x06, oid), value));
    }

    private static Bytes sequence(List<Bytes> parts) {
        return tlv(0x30, Bytes.concat(parts.toArray(Bytes[]::new)));
    }

    private static Bytes der(Map<String, Bytes> values) {
        var outer = new ArrayList<Bytes>();
        for (String arc : List.of("1", "2", "3", "4", "5", "6", CONFIGURATION)) {
            if (values.containsKey(arc)) {
                outer.add(pair(arc, Objects.requireNonNull(values.get(arc))));
            }
            var inner = new ArrayList<Bytes>();
            values.forEach((name, value) -> {
                if (name.startsWith(arc + ".")) {
                    inner.add(pair(name, value));
                }
            });
            if (!inner.isEmpty()) {
                outer.add(pair(arc, sequence(inner)));
            }
        }
        return sequence(outer);
    }

    private static PckExtension.Reading read(Bytes extension) {
        var draft = Lab.INTEL.pckDraft(Lab.CA).without(PckExtension.OID).with(PckExtension.OID, extension);
        return PckExtension.read(Lab.certificate(draft));
    }

    private static PckExtension.Reading read(Consumer<Map<String, Bytes>> change) {
        var values = new LinkedHashMap<>(GOOD);
        change.accept(values);
        return read(der(values));
    }

    private static PckIdentity identity(PckExtension.Reading reading) {
        return assertInstanceOf(PckExtension.Reading.Read.class, reading).identity();
    }

    private static String refused(PckExtension.Reading reading) {
        return assertInstanceOf(PckExtension.Reading.Unreadable.class, reading).why();
    }

    @Test
    void readsEveryEntry() {
        PckIdentity identity = identity(read(_ -> {}));
        assertEquals(Bytes.fromHex("01".repeat(16)), identity.ppid());
        assertEquals(
                List.of(15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180, 195, 210, 225, 240),
                identity.tcb().sgxComponents());
        assertEquals(0xFFFF, identity.tcb().pceSvn());
        assertEquals(Bytes.fromHex("02".repeat(16)), identity.cpuSvn());
        assertEquals(Bytes.fromHex("0003"), identity.pceId());
        assertEquals(Bytes.fromHex("040404040404"), identity.fmspc());
        assertEquals(2, identity.sgxType());
        assertEquals(Optional.of(Bytes.fromHex("06".repeat(16))), identity.platformInstanceId());
        assertEquals(
                new PckIdentity.Configuration(Optional.of(true), Optional.of(false), Optional.of(true)),
                identity.configuration());
    }

    @Test
    void certificatesOfTheProcessorCaHaveFiveEntries() {
        PckIdentity identity = identity(read(values -> {
            values.remove("6");
            values.keySet().removeIf(name -> name.startsWith("7."));
        }));
        assertEquals(Optional.empty(), identity.platformInstanceId());
        assertEquals(PckIdentity.Configuration.UNSTATED, identity.configuration());
    }

    @Test
    void aPartOfTheConfigurationMayBeUnstated() {
        assertEquals(
                new PckIdentity.Configuration(Optional.empty(), Optional.of(false), Optional.empty()),
                identity(read(values -> {
                            values.remove("7.1");
                            values.remove("7.3");
                        }))
                        .configuration());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2.1", "2.2", "2.9", "2.16", "2.17", "2.18", "3", "4", "5"})
    void aMissingEntryIsNamed(String name) {
        String arc = name.contains(".") ? name.substring(name.indexOf('.')) : "." + name;
        String why = refused(read(values -> values.remove(name)));
        assertTrue(why.endsWith("the entry " + arc + " is missing"), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3", "4", "5", "6", "7"})
    void anEntryThatStandsThereTwiceIsNamed(String arc) {
        Bytes whole = der(GOOD);
        Bytes pairs = whole.slice(4, whole.length());
        Bytes again = arc.equals("2")
                ? pair("2", sequence(List.of(pair("2.1", integer(255)))))
                : arc.equals(CONFIGURATION)
                        ? pair(CONFIGURATION, sequence(List.of()))
                        : pair(arc, Objects.requireNonNull(GOOD.get(arc)));
        String why = refused(read(tlv(0x30, Bytes.concat(pairs, again))));
        assertTrue(why.endsWith("1." + arc + " stands there twice"), why);
    }

    @ParameterizedTest
    @CsvSource({
        "2.1, 020200ff, true",
        "2.1, 020100, true",
        "2.1, 02020100, false",
        "2.1, 0201ff, false",
        "2.1, 020180, false",
        "2.1, 0202007f, false",
        "2.1, 02810105, false",
        "2.1, 0a0105, false",
        "2.1, 040105, false",
        "2.1, 0500, false",
        "2.1, 0200, false",
        "2.17, 020300ffff, true",
        "2.17, 0203010000, false",
        "2.17, 0202ffff, false",
        "5, 0a0100, true",
        "5, 0a0102, true",
        "5, 0a01ff, false",
        "5, 0a020080, false",
        "5, 020100, false",
        "7.1, 010101, false",
        "7.1, 010100, true",
        "7.1, 020101, false",
        "7.1, 0500, false",
        "7.1, 0102ffff, false",
        "3, 04020000, true",
        "3, 040100, false",
        "3, 0403000000, false",
        "3, 24040402000000, false",
        "3, 24060401000401 00, false",
        "3, 24800402000000000, false",
        "4, 0c0663306465303030, false",
        "4, 0406c0de00000000, true"
    })
    void onlyTheOneEncodingOfAValueInItsRangeIsRead(String name, String hex, boolean good) {
        String digits = hex.replace(" ", "");
        Bytes value = Bytes.fromHex(digits.length() % 2 == 0 ? digits : digits + "0");
        PckExtension.Reading reading = read(values -> values.put(name, value));
        assertEquals(good, reading instanceof PckExtension.Reading.Read, reading.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2.18", "6"})
    void identifiersHaveSixteenBytes(String name) {
        for (int length : List.of(0, 15, 17, 32)) {
            refused(read(values -> values.put(name, octets(Bytes.zeros(length)))));
        }
        identity(read(values -> values.put(name, octets(ZEROS_16))));
    }

    @Test
    void whatTheProfileDoesNotHaveIsRefused() {
        refused(read(values -> values.put("2.19", integer(0))));
        refused(read(values -> values.put("2.0", integer(0))));
        refused(read(values -> values.put("7.4", Bytes.fromHex("0101ff"))));
        Bytes pairs = der(GOOD).slice(4, der(GOOD).length());
        for (Bytes strange : List.of(
                pair("8", octets(ZEROS_16)),
                pair("1.1", octets(ZEROS_16)),
                pair("0", octets(ZEROS_16)),
                tlv(0x30, Bytes.concat(tlv(0x06, Bytes.fromHex("2a0301")), octets(ZEROS_16))),
                tlv(0x30, tlv(0x06, Bytes.concat(ARC, Bytes.fromHex("01")))),
                tlv(0x30, Bytes.empty()),
                tlv(0x30, Bytes.concat(pair("1", ZEROS_16), Bytes.fromHex("0500"))),
                octets(ZEROS_16),
                Bytes.fromHex("0500"))) {
            refused(read(tlv(0x30, Bytes.concat(pairs, strange))));
        }
    }

    @Test
    void anythingButOneSequenceInDerIsRefused() {
        Bytes good = der(GOOD);
        Bytes pairs = good.slice(4, good.length());
        Bytes longForm = Bytes.concat(
                Bytes.fromHex("308300"), Bytes.copyOf((byte) (pairs.length() >> 8), (byte) pairs.length()), pairs);
        Bytes indefinite = Bytes.concat(Bytes.fromHex("3080"), pairs, Bytes.zeros(2));
        for (Bytes bad : List.of(
                Bytes.empty(),
                Bytes.fromHex("3000"),
                Bytes.fromHex("0500"),
                Bytes.utf8("text"),
                tlv(0x31, pairs),
                octets(good),
                Bytes.concat(good, Bytes.zeros(1)),
                good.slice(0, good.length() - 1),
                longForm,
                indefinite)) {
            assertTrue(refused(read(bad)).startsWith("its SGX extension is not"), bad.toString());
        }
    }

    @Test
    void nestingHoweverDeepIsRefused() {
        Bytes deep = Bytes.empty();
        for (int i = 0; i < 3_500; i++) {
            deep = tlv(0x30, deep);
        }
        refused(read(deep));
        Bytes pairs = der(GOOD).slice(4, der(GOOD).length());
        refused(read(tlv(0x30, Bytes.concat(pairs, deep))));
        refused(read(Bytes.fromHex("3080".repeat(6_000))));
    }

    @Test
    void aCertificateWithoutTheExtensionSaysSo() {
        String why = refused(
                PckExtension.read(Lab.certificate(Lab.INTEL.pckDraft(Lab.CA).without(PckExtension.OID))));
        assertTrue(why.startsWith("it has no SGX extension"), why);
    }

    static List<Quotes.Case> cases() {
        return Quotes.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void genuineCertificatesSayWhatTheManifestSays(Quotes.Case read) throws MalformedDerException {
        Bytes quote = read.quote();
        QuoteMap map = QuoteMap.of(quote);
        var chain = PemBundle.certificates(PckChainJudge.withoutEndingNul(quote.slice(map.chain(), map.end())), 3);
        PckIdentity identity = identity(PckExtension.read(chain.getFirst()));
        assertEquals(read.json().get("fmspc").asText(), identity.fmspc().toString());
        assertEquals(read.json().get("pceid").asText(), identity.pceId().toString());
        assertEquals(read.json().get("ppid").asText(), identity.ppid().toString());
        assertEquals(read.json().get("sgx_type").asInt(), identity.sgxType());
        assertEquals(read.json().get("pcesvn").asInt(), identity.tcb().pceSvn());
        var components = new ArrayList<Integer>();
        read.json().get("pck_sgx_components").forEach(each -> components.add(each.asInt()));
        assertEquals(components, identity.tcb().sgxComponents());
        assertEquals(
                read.json().get("pck_ca").asText().equals("platform"),
                identity.platformInstanceId().isPresent());
    }
}
