package io.countersign.verifier.tee.tdx.quote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import io.countersign.verifier.tee.tdx.Quotes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Genuine quotes are read where Intel's tables put every field, and nothing else is read as a quote. */
class QuoteTest {
    private static final int SIZE_4_GIB = 0xFFFFFFFF;
    private static final int SIZE_2_GIB = 0x80000000;

    static List<Quotes.Case> cases() {
        return Quotes.cases();
    }

    /** One of each layout. */
    static List<Bytes> layouts() {
        return List.of(v4(), v5(), v3());
    }

    private static Bytes v3() {
        return Quotes.named("sgx-v3-phala@sgx-00a067110000-2025-06").quote();
    }

    private static Bytes v4() {
        return Quotes.named("tdx-v4-phala@tdx-b0c06f000000-2025-06").quote();
    }

    private static Bytes v5() {
        return Quotes.named("tdx-v5-go@tdx-90c06f000000-2026-02").quote();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyGenuineQuoteIsCutAtTheRightPlaces(Quotes.Case read) throws EvidenceException {
        Bytes raw = read.quote();
        Quote quote = Quote.parse(raw);
        QuoteMap map = QuoteMap.of(raw);
        assertEquals(read.json().get("quote_version").asInt(), quote.header().version());
        assertEquals(read.json().get("tee").asText(), quote.tee().name());
        assertEquals(
                read.json().get("signed_region_len").asInt(),
                quote.signedBytes().length());
        assertEquals(read.json().get("authenticated_len").asInt(), quote.end());
        assertEquals(read.json().get("trailing_bytes").asInt(), quote.trailing().length());
        assertEquals(map.body(), quote.bodyOffset());
        assertEquals(raw.slice(0, map.signed()), quote.signedBytes());
        assertEquals(map.end(), quote.end());
        assertEquals(raw.slice(map.end(), raw.length()), quote.trailing());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyFieldOfAGenuineHeaderStandsAtItsOffset(Quotes.Case read) throws EvidenceException {
        Bytes raw = read.quote();
        QuoteHeader header = Quote.parse(raw).header();
        assertEquals(QuoteMap.u16(raw, 0), header.version());
        assertEquals(QuoteMap.u16(raw, 2), header.attestationKeyType());
        assertEquals(QuoteMap.u32(raw, 4), header.teeType());
        assertEquals(raw.slice(8, 12), header.reserved());
        assertEquals(raw.slice(12, 28), header.qeVendorId());
        assertEquals(raw.slice(28, 48), header.userData());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyFieldOfAGenuineBodyStandsAtItsOffset(Quotes.Case read) throws EvidenceException {
        Bytes raw = read.quote();
        Bytes body = raw.slice(QuoteMap.of(raw).body(), QuoteMap.of(raw).signed());
        switch (Quote.parse(raw).body()) {
            case TdReport td -> assertTd(body, td);
            case EnclaveReport enclave -> assertEnclave(body, enclave);
        }
    }

    private static void assertTd(Bytes body, TdReport td) {
        assertEquals(body.slice(0, 16), td.teeTcbSvn());
        assertEquals(body.slice(16, 64), td.mrSeam());
        assertEquals(body.slice(64, 112), td.mrSignerSeam());
        assertEquals(body.slice(112, 120), td.seamAttributes());
        assertEquals(body.slice(120, 128), td.tdAttributes().raw());
        assertEquals(body.slice(128, 136), td.xfam().raw());
        assertEquals(body.slice(136, 184), td.mrTd());
        assertEquals(body.slice(184, 232), td.mrConfigId());
        assertEquals(body.slice(232, 280), td.mrOwner());
        assertEquals(body.slice(280, 328), td.mrOwnerConfig());
        assertEquals(
                List.of(body.slice(328, 376), body.slice(376, 424), body.slice(424, 472), body.slice(472, 520)),
                td.rtmrs());
        assertEquals(body.slice(520, 584), td.reportData());
        assertEquals(body.slice(520, 584), ((QuoteBody) td).reportData());
        assertEquals(
                body.length() == 584
                        ? Optional.empty()
                        : Optional.of(new TdReport.Later(body.slice(584, 600), body.slice(600, 648))),
                td.later());
    }

    private static void assertEnclave(Bytes report, EnclaveReport enclave) {
        assertEquals(report.slice(0, 16), enclave.cpuSvn());
        assertEquals(report.slice(16, 20), enclave.miscSelect());
        assertEquals(report.slice(32, 48), enclave.isvExtProdId());
        assertEquals(report.slice(48, 64), enclave.attributes());
        assertEquals(report.slice(64, 96), enclave.mrEnclave());
        assertEquals(report.slice(128, 160), enclave.mrSigner());
        assertEquals(report.slice(192, 256), enclave.configId());
        assertEquals(QuoteMap.u16(report, 256), enclave.isvProdId());
        assertEquals(QuoteMap.u16(report, 258), enclave.isvSvn());
        assertEquals(QuoteMap.u16(report, 260), enclave.configSvn());
        assertEquals(report.slice(304, 320), enclave.isvFamilyId());
        assertEquals(report.slice(320, 384), enclave.reportData());
        assertEquals(
                Bytes.concat(
                        report.slice(20, 32), report.slice(96, 128), report.slice(160, 192), report.slice(262, 304)),
                enclave.reserved());
        assertEquals((report.u8(48) & 1) == 1, enclave.initialised());
        assertEquals((report.u8(48) & 2) == 2, enclave.debug());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyPartOfAGenuineSignatureSectionStandsAtItsOffset(Quotes.Case read) throws EvidenceException {
        Bytes raw = read.quote();
        QuoteMap map = QuoteMap.of(raw);
        QuoteSignature section = Quote.parse(raw).signature();
        assertEquals(raw.slice(map.section(), map.section() + 64), section.quoteSignature());
        assertEquals(raw.slice(map.attestationKey(), map.attestationKey() + 64), section.attestationKey());
        assertEquals(raw.slice(map.qeReport(), map.qeReport() + 384), section.qeReportBytes());
        assertEnclave(section.qeReportBytes(), section.qeReport());
        assertEquals(raw.slice(map.qeSignature(), map.qeSignature() + 64), section.qeReportSignature());
        assertEquals(raw.slice(map.authentication(), map.chainType()), section.authenticationData());
        assertEquals(raw.slice(map.chain(), map.end()), section.pckChain());
    }

    /** Every byte has its own value, so that no two fields can be taken for each other. */
    @Test
    void everyByteOfABodyIsTold() throws EvidenceException {
        Bytes counted = counted(v5());
        assertTd(counted.slice(54, 702), (TdReport) Quote.parse(counted).body());
        assertEnclave(counted(v3()).slice(48, 432), (EnclaveReport)
                Quote.parse(counted(v3())).body());
    }

    private static Bytes counted(Bytes raw) {
        QuoteMap map = QuoteMap.of(raw);
        byte[] counting = raw.toByteArray();
        for (int i = map.body(); i < map.signed(); i++) {
            counting[i] = (byte) ((i - map.body()) * 31 + (i - map.body()) / 256);
        }
        return Bytes.copyOf(counting);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyCutInsideAQuoteIsMalformedAndACutInsideItsPaddingIsFine(Quotes.Case read) throws EvidenceException {
        Bytes raw = read.quote();
        int end = QuoteMap.of(raw).end();
        for (int length = 0; length < end; length++) {
            Bytes cut = raw.slice(0, length);
            assertThrows(MalformedEvidenceException.class, () -> Quote.parse(cut), "cut to " + length);
        }
        for (int length = end; length <= raw.length(); length++) {
            assertEquals(
                    length - end, Quote.parse(raw.slice(0, length)).trailing().length());
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void whateverFollowsTheSectionIsKeptApart(Bytes raw) throws EvidenceException {
        int end = QuoteMap.of(raw).end();
        for (Bytes more : List.of(Bytes.zeros(1), Bytes.fromHex("01"), Bytes.utf8("text"), Bytes.zeros(60_000))) {
            Quote longer = Quote.parse(Bytes.concat(raw.slice(0, end), more));
            assertEquals(more, longer.trailing());
            assertEquals(end, longer.end());
            assertEquals(Quote.parse(raw).signedBytes(), longer.signedBytes());
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void aLengthThatReachesBeyondOrFallsShortIsMalformed(Bytes raw) {
        QuoteMap map = QuoteMap.of(raw);
        Bytes bare = raw.slice(0, map.end());
        for (int at : map.container() > 0
                ? List.of(map.signed(), map.container(), map.chain() - 4)
                : List.of(map.signed(), map.chain() - 4)) {
            int right = QuoteMap.u32(bare, at);
            for (int wrong : List.of(SIZE_4_GIB, SIZE_2_GIB, 0x7FFFFFFF, right + 1, right - 1, 0, 1)) {
                Bytes edited = QuoteMap.with(bare, at, QuoteMap.u32(wrong));
                assertThrows(MalformedEvidenceException.class, () -> Quote.parse(edited), at + " holds " + wrong);
            }
        }
        int authentication = map.authentication() - 2;
        int right = QuoteMap.u16(bare, authentication);
        for (int wrong : List.of(65535, right + 1, right - 1, 32768)) {
            Bytes edited = QuoteMap.with(bare, authentication, QuoteMap.u16(wrong));
            assertThrows(EvidenceException.class, () -> Quote.parse(edited), "authentication data of " + wrong);
        }
    }

    /** With padding behind it a longer section stays inside the message, and is refused all the same. */
    @ParameterizedTest
    @MethodSource("layouts")
    void aSectionThatReachesIntoThePaddingIsMalformed(Bytes raw) {
        QuoteMap map = QuoteMap.of(raw);
        Bytes padded = Bytes.concat(raw.slice(0, map.end()), Bytes.zeros(100));
        for (int more : List.of(1, 70, 100)) {
            Bytes longer = QuoteMap.with(padded, map.signed(), QuoteMap.u32(QuoteMap.u32(padded, map.signed()) + more));
            assertThrows(MalformedEvidenceException.class, () -> Quote.parse(longer));
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void slackAfterTheChainIsMalformed(Bytes raw) {
        QuoteMap map = QuoteMap.of(raw);
        Bytes inside = map.spliced(raw, map.end(), map.end(), Bytes.zeros(3));
        assertThrows(MalformedEvidenceException.class, () -> Quote.parse(inside));
        Bytes sectionOnly = map.container() == 0
                ? inside
                : QuoteMap.with(inside, map.container(), raw.slice(map.container(), map.container() + 4));
        assertThrows(MalformedEvidenceException.class, () -> Quote.parse(sectionOnly));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void authenticationDataMayBeAbsentOrAsLongAsItsLengthCanSay(Bytes raw) throws EvidenceException {
        QuoteMap map = QuoteMap.of(raw);
        for (int length : List.of(0, 1, 64, 20_000)) {
            Quote read = Quote.parse(map.withAuthentication(raw, Bytes.zeros(length)));
            assertEquals(length, read.signature().authenticationData().length());
            assertEquals(raw.slice(map.chain(), map.end()), read.signature().pckChain());
        }
    }

    @Test
    void certificationDataAreReadUpTo32Kibibytes() throws EvidenceException {
        Bytes raw = v4();
        QuoteMap map = QuoteMap.of(raw);
        int other = map.chain() - map.qeReport();
        int most = 32 * 1024;
        assertEquals(
                most - other,
                Quote.parse(map.withChain(raw, Bytes.zeros(most - other)))
                        .signature()
                        .pckChain()
                        .length());
        Bytes longer = map.withChain(raw, Bytes.zeros(most - other + 1));
        assertThrows(MalformedEvidenceException.class, () -> Quote.parse(longer));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 6, 7, 8, 255, 65535})
    void certificationDataOfAnyTypeButTheChainAreUnsupported(int type) {
        for (Bytes raw : layouts()) {
            Bytes edited = QuoteMap.with(raw, QuoteMap.of(raw).chainType(), QuoteMap.u16(type));
            var refusal = assertThrows(UnsupportedEvidenceException.class, () -> Quote.parse(edited));
            assertTrue(refusal.getMessage().contains("type " + type), refusal.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 65535})
    void theOuterCertificationDataMustBeAQeReport(int type) {
        for (Bytes raw : List.of(v4(), v5())) {
            Bytes edited = QuoteMap.with(raw, QuoteMap.of(raw).container() - 2, QuoteMap.u16(type));
            assertThrows(UnsupportedEvidenceException.class, () -> Quote.parse(edited));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0000, version 0",
        "0, 0200, version 2",
        "0, 0600, version 6",
        "0, ffff, version 65535",
        "2, 0000, key type 0",
        "2, 0100, key type 1",
        "2, 0300, key type 3",
        "4, 80000000, 0x00000080",
        "4, 81000001, 0x01000081",
        "4, 81010000, 0x00000181",
        "4, ffffffff, 0xffffffff"
    })
    void headersOfOtherKindsAreUnsupported(int offset, String hex, String named) {
        for (Bytes raw : List.of(v4(), v5())) {
            Bytes edited = QuoteMap.with(raw, offset, Bytes.fromHex(hex));
            var refusal = assertThrows(UnsupportedEvidenceException.class, () -> Quote.parse(edited));
            assertTrue(refusal.getMessage().contains(named), refusal.getMessage());
        }
    }

    /** Version 3 has no TEE type: whatever stands there, the body is an enclave's. */
    @Test
    void versionThreeIsAlwaysAboutAnEnclave() throws EvidenceException {
        Quote read = Quote.parse(QuoteMap.with(v3(), 4, Bytes.fromHex("81000000")));
        assertEquals(TeeType.SGX, read.tee());
        assertFalse(read.body() instanceof TdReport);
    }

    /** A quote that claims another version or TEE has its regions elsewhere, and falls apart. */
    @Test
    void aRelabelledQuoteIsRefused() {
        for (Bytes edited : List.of(
                QuoteMap.with(v3(), 0, Bytes.fromHex("04")),
                QuoteMap.with(v3(), 0, Bytes.fromHex("05")),
                QuoteMap.with(v4(), 0, Bytes.fromHex("03")),
                QuoteMap.with(v4(), 0, Bytes.fromHex("05")),
                QuoteMap.with(v4(), 4, Bytes.fromHex("00")),
                QuoteMap.with(v5(), 0, Bytes.fromHex("03")),
                QuoteMap.with(v5(), 0, Bytes.fromHex("04")),
                QuoteMap.with(v5(), 4, Bytes.fromHex("00")))) {
            assertThrows(EvidenceException.class, () -> Quote.parse(edited));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 384, Malformed",
        "1, 648, Malformed",
        "2, 648, Malformed",
        "2, 585, Malformed",
        "3, 584, Malformed",
        "3, 647, Malformed",
        "3, 649, Malformed",
        "3, 0, Malformed",
        "3, -1, Malformed",
        "3, -2147483000, Malformed",
        "0, 648, Unsupported",
        "4, 648, Unsupported",
        "65535, 648, Unsupported"
    })
    void descriptorsThatDoNotFitAreRefused(int type, int size, String refusal) {
        Bytes edited = QuoteMap.with(QuoteMap.with(v5(), 48, QuoteMap.u16(type)), 50, QuoteMap.u32(size));
        var thrown = assertThrows(EvidenceException.class, () -> Quote.parse(edited));
        assertEquals(refusal + "EvidenceException", thrown.getClass().getSimpleName());
    }

    /** The same body, once with and once without what TDX 1.5 added: only the descriptor says which. */
    @Test
    void versionFiveCarriesEveryKindOfBody() throws EvidenceException {
        Bytes raw = v5();
        Bytes older = Bytes.concat(
                raw.slice(0, 48), QuoteMap.u16(2), QuoteMap.u32(584), raw.slice(54, 638), raw.slice(702, raw.length()));
        assertEquals(Optional.empty(), ((TdReport) Quote.parse(older).body()).later());
        assertEquals(638, Quote.parse(older).signedBytes().length());
        Bytes enclave = Bytes.concat(
                raw.slice(0, 4),
                Bytes.zeros(4),
                raw.slice(8, 48),
                QuoteMap.u16(1),
                QuoteMap.u32(384),
                v3().slice(48, 432),
                raw.slice(702, raw.length()));
        Quote read = Quote.parse(enclave);
        assertEquals(TeeType.SGX, read.tee());
        assertEnclave(v3().slice(48, 432), (EnclaveReport) read.body());
        assertEquals(438, read.signedBytes().length());
    }

    @Test
    void versionFourCarriesAnEnclaveToo() throws EvidenceException {
        Bytes raw = v4();
        Bytes enclave = Bytes.concat(
                raw.slice(0, 4), Bytes.zeros(4), raw.slice(8, 48), v3().slice(48, 432), raw.slice(632, raw.length()));
        Quote read = Quote.parse(enclave);
        assertEnclave(v3().slice(48, 432), (EnclaveReport) read.body());
        assertEquals(432, read.signedBytes().length());
    }

    @ParameterizedTest
    @CsvSource({
        "0, DEBUG",
        "4, HGS_PLUS_PROF",
        "5, PERF_PROF",
        "6, PMT_PROF",
        "16, ICSSD",
        "27, LASS",
        "28, SEPT_VE_DISABLE",
        "29, MIGRATABLE",
        "30, PKS",
        "31, KL",
        "62, TPA",
        "63, PERFMON"
    })
    void everyTdAttributeHasItsNameAndItsBit(int bit, String name) {
        var attributes = new TdAttributes(oneBit(bit));
        assertEquals(List.of(name), attributes.names());
        assertEquals(List.of(), attributes.unknown());
        assertEquals(bit == 0, attributes.debug());
        assertEquals(bit == 29, attributes.migratable());
    }

    @Test
    void bitsThatNobodyDefinedAreToldAndNeverDropped() {
        int defined = 0;
        for (int bit = 0; bit < 64; bit++) {
            var attributes = new TdAttributes(oneBit(bit));
            defined += attributes.names().size();
            assertEquals(1, attributes.names().size() + attributes.unknown().size());
            var xfam = new Xfam(oneBit(bit));
            assertEquals(1, xfam.names().size() + xfam.unknown().size());
        }
        assertEquals(12, defined);
        assertEquals(List.of("bit 1"), new TdAttributes(oneBit(1)).unknown());
        assertEquals(List.of("X87", "SSE"), new Xfam(Bytes.fromHex("0300000000000000")).names());
    }

    /** XFAM's fixed bits and those that may be set: Intel TDX Module Base Architecture Specification. */
    @Test
    void everyFeatureThatATdMayHaveIsNamed() {
        var named = new Xfam(Bytes.fromHex("e7db060000000000"));
        assertEquals(List.of(), named.unknown());
        assertEquals(14, named.names().size());
    }

    private static Bytes oneBit(int bit) {
        return QuoteMap.flipped(Bytes.zeros(8), bit);
    }
}
