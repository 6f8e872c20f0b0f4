package io.countersign.verifier.tee.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.Pem;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was verified once is not verified again, and everything that changes with time is judged anew. */
class RememberedFactsTest {
    /** Quote, QE report, leaf, authority, signer, two statements, two lists. */
    private static final int EVERYTHING = 9;

    /** Quote and QE report: nothing of them is worth remembering beyond one request. */
    private static final int EVERY_QUOTES_OWN = 2;

    /** Bouncy Castle, counting the signatures that it is asked about. */
    private static final class Counting extends Provider {
        private static final long serialVersionUID = 1L;
        private static final Provider REAL = new BouncyCastleProvider();

        private final AtomicInteger asked = new AtomicInteger();

        Counting() {
            super("Counting", "1", "Counts signatures");
        }

        int taken() {
            return asked.getAndSet(0);
        }

        @Override
        public @Nullable Service getService(String type, String algorithm) {
            Service real = REAL.getService(type, algorithm);
            if (real == null) {
                return null;
            }
            return new Service(this, type, algorithm, real.getClassName(), null, null) {
                @Override
                public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
                    if (type.equals("Signature")) {
                        asked.incrementAndGet();
                    }
                    return real.newInstance(parameter);
                }
            };
        }
    }

    private final Counting provider = new Counting();
    private final Signatures signatures = Signatures.by(provider);

    private TdxScheme scheme(SignatureFacts facts) {
        return new TdxScheme(Lab.ANCHORS, signatures, facts);
    }

    private static Authentication judged(TdxScheme scheme, QuoteEvidence evidence, Endorsements inHand, Instant at) {
        return scheme.authenticate(evidence, Lab.at(at, inHand, Lab.STRICT));
    }

    @Test
    void everySignatureIsVerifiedOnceForTheSameBytes() {
        var scheme = scheme(Tdx.mindful());
        QuoteEvidence evidence = Lab.evidence();
        scheme.wanted(evidence, Endorsements.none(), Lab.NOW);
        assertEquals(4, provider.taken());
        assertEquals(
                Authenticity.GENUINE,
                judged(scheme, evidence, Lab.gathered(), Lab.NOW).authenticity());
        assertEquals(EVERYTHING - 4, provider.taken());
        scheme.wanted(evidence, Lab.gathered(), Lab.NOW);
        judged(scheme, evidence, Lab.gathered(), Lab.NOW);
        assertEquals(0, provider.taken());
        assertEquals(
                Authenticity.GENUINE,
                judged(scheme, Lab.evidence(), Lab.gathered(), Lab.NOW).authenticity());
        assertEquals(EVERY_QUOTES_OWN, provider.taken());
    }

    @Test
    void withoutAMemoryEverythingIsVerifiedEveryTime() {
        var scheme = scheme(SignatureFacts.forgetful());
        for (int i = 0; i < 2; i++) {
            judged(scheme, Lab.evidence(), Lab.gathered(), Lab.NOW);
            // The signer is vouched for once for each statement.
            assertEquals(EVERYTHING + 1, provider.taken());
        }
    }

    @Test
    void whatDidNotVerifyIsNotRemembered() {
        var remembered = new ArrayList<String>();
        var facts = new SignatureFacts() {
            @Override
            public <T> java.util.Optional<T> recall(Key key, Class<T> type) {
                return java.util.Optional.empty();
            }

            @Override
            public void remember(Key key, Object fact) {
                remembered.add(key.role());
            }
        };
        var foreign = new HashMap<String, List<Bytes>>();
        foreign.put(
                "intel.tcb_info",
                List.of(Bytes.utf8(Lab.FOREIGN.tcbInfo(TeeType.TDX).json())));
        foreign.put("intel.tcb_info_issuer_chain", List.of(Bytes.utf8(Lab.FOREIGN.signerChain())));
        foreign.put("intel.pck_crl", List.of(Lab.FOREIGN.pckCrlDraft(Lab.CA).der()));
        foreign.put("intel.root_ca_crl", List.of(Lab.FOREIGN.rootCrlDraft().der()));
        var forged = Lab.evidence(quote -> quote.chain(Lab.FOREIGN.pckChain(Lab.CA)));
        judged(scheme(facts), forged, Endorsements.brought(foreign), Lab.NOW);
        assertEquals(List.of(), remembered);
        // A good chain is remembered whatever comes along with it.
        judged(scheme(facts), Lab.evidence(), Endorsements.brought(foreign), Lab.NOW);
        assertEquals(List.of("intel-pck-ca", "intel-pck-chain"), remembered);
    }

    @Test
    void windowsAreJudgedAnew() {
        var scheme = scheme(Tdx.mindful());
        QuoteEvidence evidence = Lab.evidence();
        assertEquals(
                Authenticity.GENUINE,
                judged(scheme, evidence, Lab.gathered(), Lab.NOW).authenticity());
        provider.taken();
        for (var each : Map.of(
                        Lab.NOW.plus(Duration.ofDays(29)), List.of("tdx.collateral", "tdx.revocation"),
                        Lab.NOW.minus(Duration.ofDays(2)), List.of("tdx.pck-chain"),
                        Lab.NOW.plus(Duration.ofDays(7 * 365)), List.of("tdx.pck-chain"))
                .entrySet()) {
            Authentication found = judged(scheme, evidence, Lab.gathered(), each.getKey());
            for (String code : each.getValue()) {
                assertTrue(
                        Tdx.ended(found, "failed").contains(code)
                                || Tdx.ended(found, "undetermined").contains(code),
                        each.getKey() + " " + code);
            }
        }
        assertEquals(0, provider.taken());
        assertEquals(
                Authenticity.GENUINE,
                judged(scheme, evidence, Lab.gathered(), Lab.NOW).authenticity());
    }

    @Test
    void aRememberedListOfAnotherAuthorityStaysAnothers() {
        var scheme = scheme(Tdx.mindful());
        judged(scheme, Lab.evidence(), Lab.gathered(), Lab.NOW);
        Endorsements exchanged = Lab.gathered(Map.of(
                Lab.PCK_CRL,
                new io.countersign.verifier.trust.Availability.InHand(
                        Lab.INTEL.rootCrlDraft().der()),
                Lab.ROOT_CRL,
                new io.countersign.verifier.trust.Availability.InHand(
                        Lab.INTEL.pckCrlDraft(Lab.CA).der())));
        Authentication found = judged(scheme, Lab.evidence(), exchanged, Lab.NOW);
        assertEquals("failed", Tdx.outcome(found, TdxCheck.REVOCATION).word());
        Endorsements statements = Lab.gathered(Map.of(
                Lab.TCB_INFO, new io.countersign.verifier.trust.Availability.InHand(Lab.qeIdentity()),
                Lab.QE_IDENTITY, new io.countersign.verifier.trust.Availability.InHand(Lab.tcbInfo())));
        assertEquals(
                "failed",
                Tdx.outcome(judged(scheme, Lab.evidence(), statements, Lab.NOW), TdxCheck.COLLATERAL)
                        .word());
    }

    /** Two verifiers may share a memory: what one root vouches for, another does not. */
    @Test
    void factsHoldOnlyUnderTheRootsThatTheyWereFoundUnder() {
        var facts = Tdx.mindful();
        assertEquals(
                Authenticity.GENUINE,
                judged(scheme(facts), Lab.evidence(), Lab.gathered(), Lab.NOW).authenticity());
        var vendors = new TdxScheme(Tdx.INTEL, signatures, facts);
        assertTrue(Tdx.ended(judged(vendors, Lab.evidence(), Lab.gathered(), Lab.NOW), "failed")
                .contains("tdx.pck-chain"));
    }

    private static TrustAnchors withSigners(Bytes... signers) {
        var pem = new StringBuilder(Lab.INTEL.anchorsPem());
        for (Bytes signer : signers) {
            pem.append("# anchor: intel-tcb-signing\n").append(Pem.certificate(signer));
        }
        return TrustAnchors.parse(pem.toString(), TrustAnchors.Origin.LABORATORY);
    }

    private static Endorsements bare() {
        var slots = Lab.slots();
        slots.remove("intel.tcb_info_issuer_chain");
        slots.remove("intel.qe_identity_issuer_chain");
        return Endorsements.brought(slots);
    }

    @Test
    void statementsWithoutAChainAreHeldAgainstTheSignersThatAreBuiltIn() {
        var none = new TdxScheme(Lab.ANCHORS, Tdx.FAST, SignatureFacts.forgetful());
        assertTrue(Tdx.actual(judged(none, Lab.evidence(), bare(), Lab.NOW), TdxCheck.COLLATERAL)
                .contains("no signer is built in"));
        var one = new TdxScheme(withSigners(Lab.INTEL.tcbSignerDraft().der()), Tdx.FAST, SignatureFacts.forgetful());
        assertEquals(
                Authenticity.GENUINE,
                judged(one, Lab.evidence(), bare(), Lab.NOW).authenticity());
    }

    /** Intel issued two certificates for one key: which one counts is a matter of the time. */
    @Test
    void ofTwoSignersWithOneKeyTheOneThatIsValidCounts() {
        Instant end = Lab.NOW.plus(Duration.ofDays(3));
        Bytes older = Lab.INTEL.tcbSignerDraft().validUntil(end).der();
        Bytes newer =
                Lab.INTEL.tcbSignerDraft().validFrom(Lab.NOW.minusSeconds(60)).der();
        for (TrustAnchors anchors : List.of(withSigners(older, newer), withSigners(newer, older))) {
            var scheme = new TdxScheme(anchors, Tdx.FAST, Tdx.mindful());
            for (Instant at : List.of(Lab.NOW, end, end.plusSeconds(1), Lab.NOW.plus(Duration.ofDays(20)))) {
                assertEquals(
                        "passed",
                        Tdx.outcome(judged(scheme, Lab.evidence(), bare(), at), TdxCheck.COLLATERAL)
                                .word(),
                        at.toString());
            }
        }
        var onlyOlder = new TdxScheme(withSigners(older), Tdx.FAST, Tdx.mindful());
        assertTrue(Tdx.outcome(judged(onlyOlder, Lab.evidence(), bare(), end.plusSeconds(1)), TdxCheck.COLLATERAL)
                        instanceof Outcome.Failed failed
                && failed.expected().contains("Intel SGX TCB Signing certificate"));
    }

    /** Statements of 2023 verify under the certificate of 2018 and, without a chain, under the built-in one of that time. */
    @ParameterizedTest
    @CsvSource({
        "tdx-v4-debug@tdx-50806f000000-2023-06",
        "tdx-v4-debug@tdx-50806f000000-2026-03",
        "tdx-v4-phala@tdx-b0c06f000000-2025-06"
    })
    void genuineStatementsOfBothSignersPassWithAndWithoutTheirChain(String id) throws Exception {
        Quotes.Case read = Quotes.named(id);
        var slots = read.slots();
        assertEquals(
                "passed",
                Tdx.outcome(Tdx.judge(read, read.quote(), slots), TdxCheck.COLLATERAL)
                        .word());
        slots.remove("intel.tcb_info_issuer_chain");
        slots.remove("intel.qe_identity_issuer_chain");
        assertEquals(
                "passed",
                Tdx.outcome(Tdx.judge(read, read.quote(), slots), TdxCheck.COLLATERAL)
                        .word());
    }

    @Test
    void theSignerOf2018DoesNotCoverAStatementOf2026() throws Exception {
        Quotes.Case old = Quotes.named("tdx-v4-debug@tdx-50806f000000-2023-06");
        Quotes.Case read = Quotes.named("tdx-v4-debug@tdx-50806f000000-2026-03");
        var slots = read.slots();
        List<Bytes> chain = Objects.requireNonNull(old.slots().get("intel.tcb_info_issuer_chain"));
        slots.put("intel.tcb_info_issuer_chain", chain);
        Authentication found = Tdx.judge(read, read.quote(), slots);
        assertTrue(Tdx.actual(found, TdxCheck.COLLATERAL).contains("to 2025-05-21T10:50:10Z"));
    }
}
