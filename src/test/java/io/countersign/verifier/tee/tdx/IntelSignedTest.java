package io.countersign.verifier.tee.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.IntelMachine;
import io.countersign.insecure.Pem;
import io.countersign.insecure.SoftwareStatement;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.TrustAnchors;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was fetched is kept only when a pinned root vouches for it and when it is what was asked for. */
class IntelSignedTest {
    private static final IntelSigned LAB = new IntelSigned(Lab.ANCHORS, Tdx.FAST, SignatureFacts.forgetful());
    private static final IntelSigned INTEL = new IntelSigned(Tdx.INTEL, Tdx.FAST, SignatureFacts.forgetful());

    static List<IntelEndorsementRef> everyRef() {
        return List.of(Lab.TCB_INFO, Lab.QE_IDENTITY, Lab.PCK_CRL, Lab.ROOT_CRL);
    }

    private static void assertKept(IntelEndorsementRef ref, Bytes content) {
        assertEquals(Optional.empty(), LAB.objection(ref, content));
    }

    private static void assertObjected(IntelEndorsementRef ref, Bytes content) {
        assertFalse(LAB.objection(ref, content).orElseThrow().isBlank());
    }

    @ParameterizedTest
    @MethodSource("everyRef")
    void whatIntelSignedIsKeptAndRubbishIsNot(IntelEndorsementRef ref) {
        Bytes good = Objects.requireNonNull(Lab.answers().get(ref));
        assertKept(ref, good);
        for (Bytes bad : List.of(
                Bytes.empty(), Bytes.utf8("<html>"), good.slice(0, good.length() - 1), good.slice(1, good.length()))) {
            assertObjected(ref, bad);
        }
    }

    @Test
    void whatAnotherIntelSignedIsNotKept() {
        SoftwareStatement info = Lab.FOREIGN.tcbInfo(TeeType.TDX);
        assertObjected(Lab.TCB_INFO, Bytes.utf8(Lab.FOREIGN.signerChain() + info.json()));
        assertObjected(Lab.TCB_INFO, Lab.statement(info.json()));
        assertObjected(
                Lab.QE_IDENTITY,
                Bytes.utf8(Lab.FOREIGN.signerChain()
                        + Lab.FOREIGN.qeIdentity(TeeType.TDX).json()));
        assertObjected(Lab.ROOT_CRL, Lab.FOREIGN.rootCrlDraft().der());
        assertObjected(
                Lab.ROOT_CRL,
                Lab.FOREIGN
                        .rootCrlDraft()
                        .signedBy(Lab.INTEL.keys().tcbSigner())
                        .der());
    }

    @Test
    void aStatementThatIsOverIsKept() {
        String past = Lab.NOW.minusSeconds(9).toString();
        assertKept(
                Lab.TCB_INFO,
                Lab.statement(Lab.INTEL
                        .tcbInfo(TeeType.TDX)
                        .with(info -> info.put("nextUpdate", past))
                        .json()));
    }

    /** Kept under the wrong name, it would take the place of the right one and raise the wrong number. */
    @Test
    void aGenuineStatementAboutSomethingElseIsNotKept() {
        Bytes info = Lab.tcbInfo();
        assertObjected(new IntelEndorsementRef.TcbInfo(TeeType.TDX, Bytes.fromHex("c0de00000001")), info);
        assertObjected(new IntelEndorsementRef.TcbInfo(TeeType.SGX, IntelMachine.FMSPC), info);
        assertObjected(
                Lab.TCB_INFO, Lab.statement(Lab.INTEL.tcbInfo(TeeType.SGX).json()));
        assertObjected(Lab.TCB_INFO, Lab.qeIdentity());
        assertObjected(Lab.QE_IDENTITY, info);
        assertObjected(new IntelEndorsementRef.QeIdentity(TeeType.SGX), Lab.qeIdentity());
        assertKept(
                new IntelEndorsementRef.QeIdentity(TeeType.SGX),
                Lab.statement(Lab.INTEL.qeIdentity(TeeType.SGX).json()));
        assertObjected(Lab.ROOT_CRL, Lab.INTEL.pckCrlDraft(Lab.CA).der());
    }

    @Test
    void theOtherAuthoritysListIsNotKept() {
        Quotes.Case platform = Tdx.v4();
        Quotes.Case processor = Tdx.v3();
        var lists = Map.of(
                PckCa.PLATFORM,
                        Objects.requireNonNull(platform.slots().get("intel.pck_crl"))
                                .getFirst(),
                PckCa.PROCESSOR,
                        Objects.requireNonNull(processor.slots().get("intel.pck_crl"))
                                .getFirst());
        for (PckCa asked : PckCa.values()) {
            lists.forEach((ca, list) -> assertEquals(
                    ca == asked,
                    INTEL.objection(new IntelEndorsementRef.PckCrl(asked), list).isEmpty()));
            Bytes roots = Objects.requireNonNull(platform.slots().get("intel.root_ca_crl"))
                    .getFirst();
            assertTrue(INTEL.objection(new IntelEndorsementRef.PckCrl(asked), roots)
                    .isPresent());
            assertTrue(INTEL.objection(
                            new IntelEndorsementRef.PckCrl(asked),
                            Lab.FOREIGN.pckCrlDraft(asked).der())
                    .isPresent());
        }
    }

    /** A laboratory's authorities are known only with a quote's chain: whoever judges the quote judges the list. */
    @Test
    void forALaboratoryEveryListThatCanBeReadIsKept() {
        assertKept(Lab.PCK_CRL, Lab.FOREIGN.pckCrlDraft(Lab.CA).der());
    }

    @Test
    void genuineAnswersAreKept() {
        for (Quotes.Case read : Tdx.onePerKind()) {
            var slots = read.slots();
            TeeType tee = read.ofTd() ? TeeType.TDX : TeeType.SGX;
            Bytes fmspc = Bytes.fromHex(read.json().get("fmspc").asText());
            for (var each : Map.<IntelEndorsementRef, String>of(
                            new IntelEndorsementRef.TcbInfo(tee, fmspc), "intel.tcb_info",
                            new IntelEndorsementRef.QeIdentity(tee), "intel.qe_identity")
                    .entrySet()) {
                Bytes body = Objects.requireNonNull(slots.get(each.getValue())).getFirst();
                Bytes chain = Objects.requireNonNull(slots.get(each.getValue() + "_issuer_chain"))
                        .getFirst();
                assertEquals(Optional.empty(), INTEL.objection(each.getKey(), Bytes.concat(chain, body)));
                assertEquals(Optional.empty(), INTEL.objection(each.getKey(), body));
            }
            Bytes list = Objects.requireNonNull(slots.get("intel.root_ca_crl")).getFirst();
            assertEquals(Optional.empty(), INTEL.objection(Lab.ROOT_CRL, list));
        }
    }

    @Test
    void aNumberIsNeverFetched() {
        assertObjected(Lab.SEEN, Bytes.utf8("19"));
    }

    @Test
    void builtInAuthoritiesCountForAVendorsRootOnly() {
        var without = new IntelSigned(
                TrustAnchors.parse(
                        "# anchor: intel-root\n" + Pem.certificate(Lab.INTEL.root()), TrustAnchors.Origin.VENDOR),
                Tdx.FAST,
                SignatureFacts.forgetful());
        assertTrue(without.objection(Lab.PCK_CRL, Lab.INTEL.pckCrlDraft(Lab.CA).der())
                .isPresent());
        assertEquals(
                Optional.empty(),
                without.objection(Lab.ROOT_CRL, Lab.INTEL.rootCrlDraft().der()));
    }
}
