package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.tdx.collateral.MalformedCollateralException;
import io.countersign.verifier.tee.tdx.collateral.SignedCollateral;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.util.List;
import java.util.Optional;

/** From the bytes of TCB info or a QE identity to a statement that Intel signed, once for the same bytes. */
final class StatementReader {
    private static final int CHAIN_LENGTH = 2;

    /** How much more memory a statement takes than its text, as measured. */
    private static final int SIZE_WHEN_READ = 3;

    private final IntelAnchors anchors;
    private final Signatures signatures;
    private final SignatureFacts facts;

    /** The statement, or what was expected and what is wrong with it. */
    sealed interface Reading<T> {
        record Signed<T>(SignedStatement<T> statement) implements Reading<T> {}

        record Refused<T>(String expected, String actual) implements Reading<T> {}
    }

    /** The one type that is remembered, so that no fact is taken for one of another kind. */
    private record Remembered(Class<?> type, SignedStatement<?> statement, int bytes) implements SignatureFacts.Sized {}

    StatementReader(IntelAnchors anchors, Signatures signatures, SignatureFacts facts) {
        this.anchors = anchors;
        this.signatures = signatures;
        this.facts = facts;
    }

    /** Reads a chain in PEM, if any, directly followed by the response body. */
    <T> Reading<T> read(Bytes content, StatementKind<T> kind) {
        var key = new SignatureFacts.Key("intel " + kind.slot(), content.sha256(), anchors.fingerprint());
        Optional<Remembered> known = facts.recall(key, Remembered.class);
        if (known.isPresent() && known.get().type() == kind.type()) {
            @SuppressWarnings("unchecked") // the remembered type says so
            var statement = (SignedStatement<T>) known.get().statement();
            return new Reading.Signed<>(statement);
        }
        Reading<T> reading = readAnew(content, kind);
        if (reading instanceof Reading.Signed<T>(SignedStatement<T> statement)) {
            facts.remember(key, new Remembered(kind.type(), statement, SIZE_WHEN_READ * content.length()));
        }
        return reading;
    }

    private <T> Reading<T> readAnew(Bytes content, StatementKind<T> kind) {
        try {
            SignedCollateral document = SignedCollateral.read(content, kind.kind());
            List<IntelAnchors.Signer> signers;
            if (document.issuerChainPem().length() == 0) {
                signers = anchors.signers();
            } else {
                var found = signer(document.issuerChainPem());
                if (found instanceof Found.None(String why)) {
                    return new Reading.Refused<>(
                            "an issuer chain of the Intel SGX TCB Signing certificate and the pinned root", why);
                }
                signers = List.of(((Found.Signer) found).signer());
            }
            List<IntelAnchors.Signer> signed =
                    signers.stream().filter(signer -> signed(signer, document)).toList();
            if (signed.isEmpty()) {
                return new Reading.Refused<>(
                        kind.name() + " with Intel's signature over its exact bytes", unsigned(signers, document));
            }
            T statement = kind.parser().parse(document);
            Outcome valid = new Outcome.Passed(
                    kind.name() + " is valid until " + kind.nextUpdate().apply(statement) + ".");
            return new Reading.Signed<>(new SignedStatement<>(statement, signed, valid));
        } catch (MalformedCollateralException e) {
            return new Reading.Refused<>(kind.name() + " as Intel publishes it", e.getMessage());
        }
    }

    private String unsigned(List<IntelAnchors.Signer> signers, SignedCollateral document) {
        if (signers.isEmpty()) {
            return "it came without its issuer chain, and no signer is built in";
        }
        boolean laidOut = document.compacted()
                .filter(compact -> signers.stream().anyMatch(signer -> signed(signer, compact)))
                .isPresent();
        if (laidOut) {
            return "it was laid out anew, with white space that Intel did not sign: pass on the response body as it came";
        }
        return document.issuerChainPem().length() == 0
                ? "it came without its issuer chain, and no built-in signer of Intel's signed these bytes: the body was"
                        + " altered or written anew, or its chain has to come along"
                : "the signature does not verify: the body was altered, written anew or is of another signer";
    }

    private boolean signed(IntelAnchors.Signer signer, SignedCollateral document) {
        return signatures.ecdsaP256Sha256(signer.key(), document.body(), document.signature())
                == Signatures.Verdict.VALID;
    }

    /** The signer of an issuer chain, or why there is none. */
    private sealed interface Found {
        record Signer(IntelAnchors.Signer signer) implements Found {}

        record None(String why) implements Found {}
    }

    private Found signer(Bytes chain) {
        List<Certificate> certificates;
        try {
            certificates = anchors.certificates(chain, CHAIN_LENGTH);
        } catch (MalformedDerException e) {
            return new Found.None(e.getMessage());
        }
        if (certificates.size() != CHAIN_LENGTH) {
            return new Found.None("there are %d certificates".formatted(certificates.size()));
        }
        Certificate signer = certificates.getFirst();
        if (anchors.pinned(certificates.getLast()).isEmpty()) {
            return new Found.None("the second certificate is not a root that is pinned here (its SHA-256 is "
                    + certificates.getLast().fingerprint() + ")");
        }
        List<String> findings = IntelRole.signerFindings(signer);
        if (!findings.isEmpty()) {
            return new Found.None("the first certificate: " + String.join("; ", findings));
        }
        return recalled(signer)
                .<Found>map(Found.Signer::new)
                .orElseGet(() -> new Found.None("the first certificate is not signed by a pinned root"));
    }

    /** One signer signs everything of a root's for years. */
    private Optional<IntelAnchors.Signer> recalled(Certificate certificate) {
        Optional<IntelAnchors.Signer> builtIn = anchors.signers().stream()
                .filter(each -> each.certificate().equals(certificate))
                .findFirst();
        if (builtIn.isPresent()) {
            return builtIn;
        }
        var key = new SignatureFacts.Key("intel-tcb-signing", certificate.fingerprint(), anchors.fingerprint());
        Optional<IntelAnchors.Signer> known = facts.recall(key, IntelAnchors.Signer.class);
        if (known.isPresent()) {
            return known;
        }
        Optional<IntelAnchors.Signer> signer = anchors.signer(certificate, signatures);
        signer.ifPresent(verified -> facts.remember(key, verified));
        return signer;
    }
}
