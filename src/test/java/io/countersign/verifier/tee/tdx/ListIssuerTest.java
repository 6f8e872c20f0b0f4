package io.countersign.verifier.tee.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.IntelExtensions;
import io.countersign.insecure.P256Key;
import io.countersign.insecure.Pem;
import io.countersign.insecure.SoftwareCertificate;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.trust.Endorsements;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose list of PCK certificates counts when the request brings the issuer's chain along. */
class ListIssuerTest {
    private static final P256Key SUCCESSOR = SoftwareIntels.key("successor");
    private static final BigInteger SERIAL = BigInteger.valueOf(4711);
    private static final String ROOT = Pem.certificate(Lab.INTEL.root());

    /** The same authority with another key. */
    private static SoftwareCertificate reissued() {
        return Lab.INTEL.pckCaDraft(Lab.CA).key(SUCCESSOR).serial(SERIAL);
    }

    private static Authentication judge(String chain, Bytes list, Bytes rootList) {
        var slots = Lab.slots();
        slots.put("intel.pck_crl", List.of(list));
        slots.put("intel.pck_crl_issuer_chain", List.of(Bytes.utf8(chain)));
        slots.put("intel.root_ca_crl", List.of(rootList));
        return Lab.judge(Endorsements.brought(slots));
    }

    private static Authentication judge(String chain) {
        return judge(
                chain,
                Lab.INTEL.pckCrlDraft(Lab.CA).der(),
                Lab.INTEL.rootCrlDraft().der());
    }

    private static Bytes listOf(P256Key signer) {
        return Lab.INTEL.pckCrlDraft(Lab.CA).signedBy(signer).der();
    }

    private static String word(Authentication found) {
        return Tdx.outcome(found, TdxCheck.REVOCATION).word();
    }

    @Test
    void theAuthorityOfTheQuoteCountsWithAndWithoutItsChain() {
        assertEquals("passed", word(judge(Lab.INTEL.pckCrlChain(Lab.CA))));
        assertEquals("passed", word(Lab.judge(Endorsements.brought(Lab.slots()))));
    }

    @Test
    void anAuthorityThatThePinnedRootIssuedAnewCountsForItsOwnLists() {
        String chain = Pem.certificate(reissued().der()) + ROOT;
        Bytes root = Lab.INTEL.rootCrlDraft().der();
        assertEquals("passed", word(judge(chain, listOf(SUCCESSOR), root)));
        assertEquals("failed", word(judge(chain, Lab.INTEL.pckCrlDraft(Lab.CA).der(), root)));
        assertEquals("failed", word(judge(Lab.INTEL.pckCrlChain(Lab.CA), listOf(SUCCESSOR), root)));
        Bytes revoking = Lab.INTEL
                .pckCrlDraft(Lab.CA)
                .signedBy(SUCCESSOR)
                .revoking(Lab.INTEL.pckSerial(Lab.CA))
                .der();
        assertEquals("failed", word(judge(chain, revoking, root)));
    }

    @Test
    void anAuthorityThatTheRootRevokedDoesNotCount() {
        Authentication found = judge(
                Pem.certificate(reissued().der()) + ROOT,
                listOf(SUCCESSOR),
                Lab.INTEL.rootCrlDraft().revoking(SERIAL).der());
        assertTrue(Tdx.actual(found, TdxCheck.REVOCATION).contains("0x1267"));
    }

    private static Map<String, String> refused() {
        String good = Pem.certificate(reissued().der());
        var chains = new LinkedHashMap<String, String>();
        chains.put("expected -----BEGIN", "text");
        chains.put("it is not two certificates", good);
        chains.put("more than 2", good + ROOT + ROOT);
        chains.put("of which the second is a pinned root", ROOT + good);
        chains.put("is a pinned root", good + Pem.certificate(Lab.FOREIGN.root()));
        chains.put("Processor CA", Lab.INTEL.pckCrlChain(PckCa.PROCESSOR));
        chains.put("its common name is \"Intel SGX TCB Signing\"", Lab.INTEL.signerChain());
        chains.put(
                "its common name is \"Intel SGX PCK Certificate\"",
                Pem.certificate(Lab.INTEL.pckDraft(Lab.CA).der()) + ROOT);
        chains.put(
                "is valid from",
                Pem.certificate(reissued().validUntil(Lab.NOW.minusSeconds(1)).der()) + ROOT);
        chains.put(
                "not signed by the pinned root",
                Pem.certificate(reissued().signedBy(Lab.FOREIGN.keys().root()).der()) + ROOT);
        chains.put(
                "path length 0",
                Pem.certificate(reissued()
                                .replacing("2.5.29.19", IntelExtensions.authorityWithPathLength(1))
                                .der())
                        + ROOT);
        chains.put("key usage", Pem.certificate(reissued().without("2.5.29.15").der()) + ROOT);
        return chains;
    }

    @Test
    void chainsThatLeadNowhereFailAndSayWhy() {
        refused().forEach((why, chain) -> {
            String actual = Tdx.actual(
                    judge(chain, listOf(SUCCESSOR), Lab.INTEL.rootCrlDraft().der()), TdxCheck.REVOCATION);
            assertTrue(actual.contains(why), () -> why + " is not in: " + actual);
        });
    }
}
