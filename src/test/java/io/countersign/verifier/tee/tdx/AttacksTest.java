package io.countersign.verifier.tee.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.P256Key;
import io.countersign.insecure.Pem;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.tee.tdx.quote.QuoteMap;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.PemBundle;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What attackers have tried on other verifiers, derived from genuine quotes and collateral. */
@EnabledIf(
        value = "io.countersign.verifier.tee.tdx.Quotes#areHere",
        disabledReason = "the genuine quotes are not on this machine")
class AttacksTest {
    private static final Quotes.Case V4 = Tdx.v4();
    private static final QuoteMap MAP = QuoteMap.of(V4.quote());

    static List<Quotes.Case> onePerKind() {
        return Tdx.onePerKind();
    }

    private static Set<String> failed(Authentication found) {
        return Tdx.ended(found, "failed");
    }

    private static Set<String> failed(Bytes quote) throws EvidenceException {
        return failed(Tdx.judge(V4, quote));
    }

    private static Bytes certificate(Bytes pem, int index) {
        try {
            return PemBundle.certificates(PckChainJudge.withoutEndingNul(pem), 8)
                    .get(index)
                    .der();
        } catch (MalformedDerException e) {
            throw new AssertionError(e);
        }
    }

    /** Leaf, authority or root of a genuine quote. */
    private static String pck(Quotes.Case read, int index) {
        Bytes quote = read.quote();
        QuoteMap map = QuoteMap.of(quote);
        return Pem.certificate(certificate(quote.slice(map.chain(), map.end()), index));
    }

    private static String signer() {
        return Pem.certificate(certificate(slot(V4, "intel.tcb_info_issuer_chain"), 0));
    }

    private static Bytes slot(Quotes.Case read, String name) {
        return Stream.ofNullable(read.slots().get(name))
                .findFirst()
                .orElseThrow()
                .getFirst();
    }

    private static Bytes withChain(String... certificates) {
        return MAP.withChain(V4.quote(), Bytes.utf8(String.join("", certificates)));
    }

    private static Authentication with(Quotes.Case read, Map<String, Bytes> slots) throws EvidenceException {
        var all = new HashMap<>(read.slots());
        slots.forEach((name, content) -> all.put(name, List.of(content)));
        return Tdx.judge(read, read.quote(), all);
    }

    /** At the time at which the tests judge. */
    private static boolean chainIsValidThen(Quotes.Case other) {
        var window = other.json().get("pck_chain_window");
        return Instant.parse(window.get(0).asText()).isBefore(V4.at())
                && Instant.parse(window.get(1).asText()).isAfter(V4.at());
    }

    @Test
    void everyOtherQuotesQeReportIsRejected() throws EvidenceException {
        Bytes quote = V4.quote();
        int others = 0;
        for (Quotes.Case other : Quotes.cases()) {
            if (other.quote().equals(quote) || !chainIsValidThen(other)) {
                continue;
            }
            others++;
            Bytes joined = MAP.withCertificationOf(quote, other.quote());
            Authentication found = Tdx.judge(V4, joined);
            assertEquals(Authenticity.REJECTED, found.authenticity(), other.id());
            assertEquals("failed", Tdx.outcome(found, TdxCheck.QE_REPORT).word(), other.id());
            assertEquals("passed", Tdx.outcome(found, TdxCheck.QUOTE_SIGNATURE).word(), other.id());
            assertEquals("passed", Tdx.outcome(found, TdxCheck.PCK_CHAIN).word(), other.id());
        }
        assertTrue(others > 10);
    }

    @Test
    void everyOtherQuotesChainBreaksTheVouchingAndNothingInsideTheChain() throws EvidenceException {
        for (Quotes.Case other : Quotes.cases()) {
            if (pck(other, 0).equals(pck(V4, 0)) || !chainIsValidThen(other)) {
                continue;
            }
            Authentication found = Tdx.judge(V4, withChain(pck(other, 0), pck(other, 1), pck(other, 2)));
            assertEquals("passed", Tdx.outcome(found, TdxCheck.PCK_CHAIN).word(), other.id());
            assertTrue(Tdx.actual(found, TdxCheck.QE_REPORT).contains("the signature does not verify"), other.id());
        }
    }

    @Test
    void anotherQuotesAttestationKeyOrSignatureIsRejected() throws EvidenceException {
        Bytes other = Quotes.named("tdx-v4-debug@tdx-50806f000000-2023-06").quote();
        QuoteMap there = QuoteMap.of(other);
        Bytes key = other.slice(there.attestationKey(), there.attestationKey() + 64);
        Bytes signature = other.slice(there.section(), there.section() + 64);
        assertEquals(
                Set.of("tdx.quote-signature", "tdx.qe-report"),
                failed(QuoteMap.with(V4.quote(), MAP.attestationKey(), key)));
        assertEquals(Set.of("tdx.quote-signature"), failed(QuoteMap.with(V4.quote(), MAP.section(), signature)));
        // Body and its signature together with the key that made it: the quote verifies, and nobody vouches for the
        // key.
        Bytes transplanted = Bytes.concat(
                        other.slice(0, there.signed()), V4.quote().slice(MAP.signed(), MAP.section()), signature, key)
                .zeroPaddedTo(MAP.section() + 128);
        Bytes quote = Bytes.concat(
                transplanted, V4.quote().slice(MAP.section() + 128, V4.quote().length()));
        var failed = new TreeSet<>(failed(quote));
        // Whose TCB that would be does not matter any more.
        failed.remove("tdx.tcb");
        assertEquals(Set.of("tdx.qe-report", "tdx.binding"), failed);
    }

    @ParameterizedTest
    @MethodSource("onePerKind")
    void theAuthenticationDataArePartOfWhatTheQuotingEnclaveVouchesFor(Quotes.Case read) throws EvidenceException {
        QuoteMap map = QuoteMap.of(read.quote());
        for (Bytes other : List.of(Bytes.empty(), Bytes.zeros(31), Bytes.zeros(33), Bytes.zeros(1000))) {
            Authentication found = Tdx.judge(read, map.withAuthentication(read.quote(), other));
            assertTrue(
                    Tdx.actual(found, TdxCheck.QE_REPORT).contains("its REPORTDATA is"),
                    () -> found.report().checks().toString());
        }
    }

    @Test
    void aQuotingEnclaveThatCanBeDebuggedIsNamedAlthoughItsReportIsNotSignedEither() throws EvidenceException {
        int attributes = MAP.qeReport() + 48;
        Bytes debug = QuoteMap.with(
                V4.quote(), attributes, Bytes.copyOf((byte) (V4.quote().u8(attributes) | 2)));
        Authentication found = Tdx.judge(V4, debug);
        assertTrue(Tdx.actual(found, TdxCheck.QE_REPORT).contains("DEBUG"));
        assertTrue(Tdx.actual(found, TdxCheck.QE_REPORT).contains("does not verify"));
        Bytes clear = QuoteMap.with(debug, attributes, Bytes.fromHex("00"));
        assertTrue(failed(clear).containsAll(Set.of("tdx.format", "tdx.qe-report")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"signature", "qe signature"})
    void allZeroAndOutOfRangeSignaturesNeverVerify(String which) throws EvidenceException {
        int at = which.equals("signature") ? MAP.section() : MAP.qeSignature();
        String check = which.equals("signature") ? "tdx.quote-signature" : "tdx.qe-report";
        Bytes r = V4.quote().slice(at, at + 32);
        Bytes s = V4.quote().slice(at + 32, at + 64);
        Bytes order = P256Key.number(P256Key.ORDER);
        Bytes beyond = P256Key.number(P256Key.ORDER.add(BigInteger.ONE));
        Bytes ones = Bytes.fromHex("ff".repeat(32));
        for (Bytes bad : List.of(Bytes.zeros(32), order, beyond, ones)) {
            for (Bytes signature : List.of(Bytes.concat(bad, s), Bytes.concat(r, bad), Bytes.concat(bad, bad))) {
                assertEquals(Set.of(check), failed(QuoteMap.with(V4.quote(), at, signature)));
            }
        }
        for (Bytes signature : List.of(
                Bytes.concat(s, r),
                Bytes.concat(r.reversed(), s.reversed()),
                P256Key.derSignature(Bytes.concat(r, s)).slice(0, 64))) {
            assertEquals(Set.of(check), failed(QuoteMap.with(V4.quote(), at, signature)));
        }
    }

    /** ECDSA is malleable: it changes nothing that was signed, and evidence is never identified by its signature. */
    @Test
    void theTwinOfASignatureVerifiesAndCommitsToTheSameBytes() throws EvidenceException {
        Bytes twin = V4.quote();
        for (int at : List.of(MAP.section() + 32, MAP.qeSignature() + 32)) {
            var s = new BigInteger(1, twin.slice(at, at + 32).toByteArray());
            twin = QuoteMap.with(twin, at, P256Key.number(P256Key.ORDER.subtract(s)));
        }
        assertEquals(Authenticity.GENUINE, Tdx.judge(V4, twin).authenticity());
        assertEquals(
                Tdx.parse(V4, V4.quote()).committedBytes(), Tdx.parse(V4, twin).committedBytes());
    }

    /** Keys that are no point, or the same point written in another way: RFC 5480, SEC 2. */
    @Test
    void anAttestationKeyThatIsNoPointOnTheCurveIsNamed() throws EvidenceException {
        Bytes key = V4.quote().slice(MAP.attestationKey(), MAP.attestationKey() + 64);
        Bytes prime = Bytes.fromHex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
        for (Bytes bad : List.of(
                Bytes.zeros(64),
                Bytes.fromHex("ff".repeat(64)),
                QuoteMap.flipped(key, 511),
                Bytes.concat(key.slice(32, 64), key.slice(0, 32)),
                Bytes.concat(prime, key.slice(32, 64)),
                Bytes.concat(key.slice(0, 32), prime),
                Bytes.concat(key.slice(0, 32).reversed(), key.slice(32, 64).reversed()))) {
            Authentication found = Tdx.judge(V4, QuoteMap.with(V4.quote(), MAP.attestationKey(), bad));
            assertTrue(Tdx.actual(found, TdxCheck.QUOTE_SIGNATURE).endsWith("are not on it"), bad.toString());
            assertEquals(Set.of("tdx.quote-signature", "tdx.qe-report"), failed(found));
        }
    }

    private static Map<String, Bytes> chains() {
        String leaf = pck(V4, 0);
        String authority = pck(V4, 1);
        String root = pck(V4, 2);
        String processor = pck(Tdx.v3(), 1);
        var intel = SoftwareIntels.foreign();
        String own = intel.pckChain(PckCa.PLATFORM);
        String ownLeaf = own.substring(0, own.indexOf("-----BEGIN", 1));
        var chains = new LinkedHashMap<String, Bytes>();
        chains.put("there are 0 certificates", withChain(""));
        chains.put("there are 1 certificates", withChain(leaf));
        chains.put("there are 2 certificates", withChain(leaf, authority));
        chains.put("more than 3 certificates", withChain(leaf, authority, root, root));
        chains.put("more than 3", withChain(leaf, leaf, authority, root));
        chains.put(
                "the first certificate: its common name is \"Intel SGX PCK Platform CA\"",
                withChain(authority, leaf, root));
        chains.put("the first certificate: its common name is \"Intel SGX Root CA\"", withChain(root, authority, leaf));
        chains.put("the third certificate is not a root", withChain(leaf, root, authority));
        chains.put(
                "the second certificate: its common name is \"Intel SGX PCK Certificate\"",
                withChain(leaf, leaf, root));
        chains.put(
                "its common name is \"Intel SGX TCB Signing\", not \"Intel SGX PCK",
                withChain(signer(), authority, root));
        chains.put("not that of the PCK Platform CA", withChain(leaf, signer(), root));
        chains.put("does not bear the name of the first one's issuer", withChain(leaf, processor, root));
        chains.put("is not a root that is pinned here", withChain(own));
        chains.put(
                "the Intel SGX PCK Platform CA certificate is not signed by the pinned root",
                withChain(own.substring(0, own.lastIndexOf("-----BEGIN")), root));
        chains.put(
                "the PCK certificate is not signed by the Intel SGX PCK Platform CA",
                withChain(ownLeaf, authority, root));
        chains.put("PEM certificates", withChain(leaf, "text", authority, root));
        chains.put("expected -----BEGIN CERTIFICATE-----", withChain("\0" + leaf, authority, root));
        chains.put(
                "not an X.509 certificate", withChain(leaf, authority, Pem.certificate(Bytes.utf8("no certificate"))));
        return chains;
    }

    @Test
    void chainsThatIntelDidNotMakeSayWhatIsWrong() throws EvidenceException {
        for (var each : chains().entrySet()) {
            Authentication found = Tdx.judge(V4, each.getValue());
            String actual = Tdx.actual(found, TdxCheck.PCK_CHAIN);
            assertTrue(actual.contains(each.getKey()), () -> each.getKey() + " is not in: " + actual);
            // What hangs on the chain says so; what does not is judged all the same.
            assertEquals(
                    Set.of("tdx.revocation", "tdx.tcb"),
                    new TreeSet<>(Tdx.ended(found, "not-reached").stream()
                            .filter(code -> !code.equals("tdx.qe-report") && !code.equals("tdx.collateral"))
                            .toList()),
                    each.getKey());
            assertEquals("passed", Tdx.outcome(found, TdxCheck.QUOTE_SIGNATURE).word());
            assertEquals("passed", Tdx.outcome(found, TdxCheck.BINDING).word());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "\0\0\0", "\n", " \r\n\t\0"})
    void onlyWhiteSpaceAndNulsMayFollowTheChain(String end) throws EvidenceException {
        Bytes quote = withChain(pck(V4, 0), pck(V4, 1), pck(V4, 2), end);
        assertEquals(Authenticity.GENUINE, Tdx.judge(V4, quote).authenticity());
        Bytes text = withChain(pck(V4, 0), pck(V4, 1), pck(V4, 2), end, "x");
        assertEquals(
                "failed", Tdx.outcome(Tdx.judge(V4, text), TdxCheck.PCK_CHAIN).word());
    }

    @ParameterizedTest
    @CsvSource({"0, 00, true", "1, 01, false", "70, 00, true", "to 16384, 00, true", "to 16385, 00, false"})
    void onlyZerosAndNotTooManyMayFollowTheQuote(String length, String value, boolean passes) throws EvidenceException {
        int count =
                length.startsWith("to ") ? Integer.parseInt(length.substring(3)) - MAP.end() : Integer.parseInt(length);
        byte[] padding = new byte[count];
        if (count > 0) {
            padding[count - 1] = Bytes.fromHex(value).toByteArray()[0];
        }
        Bytes quote = Bytes.concat(V4.quote().slice(0, MAP.end()), Bytes.copyOf(padding));
        Authentication found = Tdx.judge(V4, quote);
        assertEquals(passes ? Set.of() : Set.of("tdx.format"), failed(found));
        assertEquals(passes ? Authenticity.GENUINE : Authenticity.REJECTED, found.authenticity());
    }

    @ParameterizedTest
    @CsvSource({
        "12, 00, the QE vendor id",
        "27, ff, the QE vendor id",
        "8, 01, reserved bytes at offset 8",
        "11, 80, reserved bytes at offset 8"
    })
    void headersThatIntelDoesNotMakeFailTheFormatAndSayWhy(int offset, String value, String finding)
            throws EvidenceException {
        Authentication found = Tdx.judge(V4, QuoteMap.with(V4.quote(), offset, Bytes.fromHex(value)));
        assertTrue(Tdx.actual(found, TdxCheck.FORMAT).contains(finding));
        assertEquals(Set.of("tdx.format", "tdx.quote-signature"), failed(found));
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 31, 96, 127, 160, 191, 262, 303})
    void reservedBytesOfAnEnclaveReportFailTheFormat(int offset) throws EvidenceException {
        Quotes.Case v3 = Tdx.v3();
        QuoteMap map = QuoteMap.of(v3.quote());
        Bytes one = Bytes.fromHex("01");
        Authentication body = Tdx.judge(v3, QuoteMap.with(v3.quote(), map.body() + offset, one));
        assertTrue(Tdx.actual(body, TdxCheck.FORMAT).contains("in the quote are not zero"));
        Authentication enclave = Tdx.judge(v3, QuoteMap.with(v3.quote(), map.qeReport() + offset, one));
        assertTrue(Tdx.actual(enclave, TdxCheck.FORMAT).contains("in the QE report are not zero"));
    }

    @Test
    void aTeeTypeInAVersionThreeHeaderFailsTheFormat() throws EvidenceException {
        Quotes.Case v3 = Tdx.v3();
        Authentication found = Tdx.judge(v3, QuoteMap.with(v3.quote(), 4, Bytes.fromHex("81")));
        assertTrue(Tdx.actual(found, TdxCheck.FORMAT).contains("offset 4"));
    }

    @Test
    void aQuoteSentAsEvidenceOfTheOtherKindIsUnsupported() {
        var toSgx = assertThrows(UnsupportedEvidenceException.class, () -> Tdx.parse(Tdx.v3(), V4.quote()));
        assertTrue(toSgx.getMessage().endsWith("send it as evidence of type tdx"));
        var toTdx = assertThrows(
                UnsupportedEvidenceException.class, () -> Tdx.parse(V4, Tdx.v3().quote()));
        assertTrue(toTdx.getMessage().endsWith("send it as evidence of type sgx"));
    }

    @Test
    void onlyTheWholeReportDataAnswerANonce() throws EvidenceException {
        Bytes answer = Tdx.reportData(V4);
        for (int bit : List.of(0, 255, 256, 511)) {
            Bytes other = QuoteMap.flipped(answer, bit);
            int at = MAP.signed() - 64;
            assertEquals(Set.of("tdx.binding", "tdx.quote-signature"), failed(QuoteMap.with(V4.quote(), at, other)));
        }
    }

    /** Each genuine, and for something else. */
    @Test
    void collateralOfAnotherPlatformOrKindFailsAndSaysWhoseItIs() throws EvidenceException {
        Quotes.Case sgx = Tdx.v3();
        Quotes.Case family = Quotes.named("tdx-v4-near-gas@tdx-20a06f000000-2025-09");
        for (var each : Map.of(
                        "the TCB info is for FMSPC 20a06f000000, and the platform's PCK certificate names b0c06f000000",
                        Map.of("intel.tcb_info", slot(family, "intel.tcb_info")),
                        "the TCB info is about SGX, and the quote about TDX",
                        Map.of("intel.tcb_info", slot(sgx, "intel.tcb_info")),
                        "the identity is that of QE, and TD_QE makes quotes about TDX",
                        Map.of("intel.qe_identity", slot(sgx, "intel.qe_identity")),
                        "TCB info: ",
                        Map.of("intel.tcb_info", slot(V4, "intel.qe_identity")),
                        "QE identity: ",
                        Map.of("intel.qe_identity", slot(V4, "intel.tcb_info")))
                .entrySet()) {
            // At an instant at which both are current.
            Authentication found = with(V4, each.getValue());
            assertTrue(
                    Tdx.actual(found, TdxCheck.COLLATERAL).contains(each.getKey())
                            || Tdx.actual(found, TdxCheck.COLLATERAL).contains("valid from"),
                    () -> found.report().checks().toString());
            assertEquals(Set.of("tdx.collateral"), failed(found), each.getKey());
            assertEquals("not-reached", Tdx.outcome(found, TdxCheck.TCB).word());
        }
        Authentication reverse = with(
                sgx,
                Map.of(
                        "intel.tcb_info",
                        slot(V4, "intel.tcb_info"),
                        "intel.qe_identity",
                        slot(V4, "intel.qe_identity")));
        assertTrue(Tdx.actual(reverse, TdxCheck.COLLATERAL).contains("the TCB info is about TDX"));
        assertTrue(Tdx.actual(reverse, TdxCheck.COLLATERAL).contains("TD_QE"));
    }

    @Test
    void aListOfAnotherAuthorityIsNoAnswer() throws EvidenceException {
        Bytes processors = slot(Tdx.v3(), "intel.pck_crl");
        Bytes roots = slot(V4, "intel.root_ca_crl");
        Bytes platforms = slot(V4, "intel.pck_crl");
        for (var each : List.of(
                Map.of("intel.pck_crl", processors),
                Map.of("intel.pck_crl", roots),
                Map.of("intel.root_ca_crl", platforms),
                Map.of("intel.pck_crl", roots, "intel.root_ca_crl", platforms))) {
            Authentication found = with(V4, each);
            assertEquals(Set.of("tdx.revocation"), failed(found));
            assertTrue(Tdx.actual(found, TdxCheck.REVOCATION).contains("signed by another"));
        }
        Authentication chain =
                with(V4, Map.of("intel.pck_crl_issuer_chain", slot(Tdx.v3(), "intel.pck_crl_issuer_chain")));
        assertTrue(Tdx.actual(chain, TdxCheck.REVOCATION).contains("Processor CA"));
    }

    @Test
    void statementsWrittenAnewOrUnderAnotherSignerFail() throws EvidenceException {
        String info = slot(V4, "intel.tcb_info").toUtf8();
        for (UnaryOperator<String> change : List.<UnaryOperator<String>>of(
                text -> text.replaceFirst("UpToDate", "OutOfDate"),
                text -> text.replaceFirst("OutOfDate", "UpToDate"),
                text -> text.replaceFirst(",", ", "),
                text -> text.replaceFirst("\"signature\":\"..", "\"signature\":\""),
                text -> text.replaceFirst("\"signature\":\"[0-9a-f]{128}", "\"signature\":\"" + "0".repeat(128)),
                text -> text + "x")) {
            Authentication found = with(V4, Map.of("intel.tcb_info", Bytes.utf8(change.apply(info))));
            assertEquals(Set.of("tdx.collateral"), failed(found));
        }
        for (String chain : List.of(
                pck(V4, 1) + pck(V4, 2),
                pck(V4, 0) + pck(V4, 2),
                signer(),
                signer() + pck(V4, 1),
                signer() + pck(V4, 2) + pck(V4, 2),
                pck(V4, 2) + signer())) {
            Authentication found = with(V4, Map.of("intel.tcb_info_issuer_chain", Bytes.utf8(chain)));
            assertEquals(Set.of("tdx.collateral"), failed(found), () -> found.report()
                    .checks()
                    .toString());
        }
    }

    @Test
    void anEndorsementOfWhichOnlyTheIssuerChainCameIsNotInHand() throws EvidenceException {
        for (String slot : List.of("intel.tcb_info", "intel.qe_identity", "intel.pck_crl")) {
            var slots = new HashMap<>(V4.slots());
            slots.remove(slot);
            Authentication found = Tdx.judge(V4, V4.quote(), slots);
            assertEquals(Set.of(), failed(found), slot);
            assertEquals(Authenticity.UNDETERMINED, found.authenticity(), slot);
        }
    }

    /** What was good in 2025 is over a year later: whoever brings it must bring a newer one. */
    @Test
    void oldCollateralCannotBeBroughtAgain() throws EvidenceException {
        Instant later = Instant.parse("2026-08-20T00:00:00Z");
        Authentication found =
                Tdx.judge(V4, V4.quote(), io.countersign.verifier.trust.Endorsements.brought(V4.slots()), later);
        assertEquals(Set.of("tdx.collateral", "tdx.revocation"), failed(found));
        assertTrue(Tdx.outcome(found, TdxCheck.COLLATERAL) instanceof Outcome.Failed old
                && old.actual().contains("until 2025")
                && old.expected().contains("TCB info")
                && old.expected().contains("QE identity"));
        Authentication early = Tdx.judge(
                V4,
                V4.quote(),
                io.countersign.verifier.trust.Endorsements.brought(V4.slots()),
                Instant.parse("2025-01-01T00:00:00Z"));
        assertEquals(Set.of("tdx.pck-chain", "tdx.collateral", "tdx.revocation"), failed(early));
    }
}
