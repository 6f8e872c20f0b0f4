package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.tdx.quote.Quote;
import io.countersign.verifier.tee.tdx.quote.QuoteSignature;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Signatures.Verdict;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Optional;

/**
 * {@code tdx.quote-signature} and {@code tdx.qe-report}: the two signatures inside a quote. Intel TDX DCAP Quote Generation
 * Library, "Quote Format".
 */
final class QuoteJudge {
    private static final int HASH = 32;

    private static final Outcome SIGNED =
            new Outcome.Passed("The attestation key signed the header and body (ECDSA P-256 with SHA-256).");
    private static final Outcome VOUCHED = new Outcome.Passed(
            "The PCK signed the quoting enclave's report, which names the attestation key, and the enclave is no debug enclave.");
    private static final String ALTERED = "The quote was altered, or put together from several: make a new one.";

    private final Signatures signatures;

    QuoteJudge(Signatures signatures) {
        this.signatures = signatures;
    }

    Outcome signature(QuoteEvidence evidence) {
        Quote quote = evidence.quote();
        Optional<PublicKey> key = IntelSignature.point(quote.signature().attestationKey(), signatures);
        if (key.isEmpty()) {
            return new Outcome.Failed(
                    "an attestation key that is a point on P-256",
                    "the coordinates " + quote.signature().attestationKey() + " are not on it",
                    ALTERED);
        }
        Verdict verdict = evidence.quoteSignature(() -> signatures.ecdsaP256Sha256(
                key.get(), quote.signedBytes(), quote.signature().quoteSignature()));
        return switch (verdict) {
            case VALID -> SIGNED;
            case INVALID ->
                new Outcome.Failed(
                        "a signature by the attestation key over the %d bytes of header and body"
                                .formatted(quote.signedBytes().length()),
                        "the signature does not verify",
                        ALTERED);
        };
    }

    /** What the quoting enclave says about the attestation key, and who signed that. */
    Outcome qeReport(QuoteEvidence evidence, PckJudgement pck) {
        QuoteSignature section = evidence.quote().signature();
        Bytes named = Bytes.concat(section.attestationKey(), section.authenticationData())
                .sha256();
        Bytes reportData = section.qeReport().reportData();
        var expected = new ArrayList<String>();
        var actual = new ArrayList<String>();
        if (!reportData.slice(0, HASH).equals(named)
                || !reportData.slice(HASH, reportData.length()).isAllZero()) {
            expected.add("a QE report whose REPORTDATA is the SHA-256 of attestation key and authentication data, "
                    + named + ", then zeros");
            actual.add("its REPORTDATA is " + reportData);
        }
        if (section.qeReport().debug()) {
            expected.add("a quoting enclave whose memory the host cannot read");
            actual.add("the QE report has ATTRIBUTES.DEBUG set");
        }
        if (pck.leafKey().isPresent()) {
            PublicKey key = pck.leafKey().get();
            Verdict verdict = evidence.qeReportSignature(
                    () -> signatures.ecdsaP256Sha256(key, section.qeReportBytes(), section.qeReportSignature()));
            if (verdict == Verdict.INVALID) {
                expected.add("a signature by the key of the PCK certificate over the QE report");
                actual.add("the signature does not verify");
            }
        }
        if (!expected.isEmpty()) {
            return new Outcome.Failed(String.join("; ", expected), String.join("; ", actual), ALTERED);
        }
        return pck.leafKey().isPresent() ? VOUCHED : new Outcome.NotReached(TdxCheck.PCK_CHAIN);
    }
}
