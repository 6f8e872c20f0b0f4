package io.countersign.verifier.scheme;

import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** One labelled device of a request: its scheme and its evidence, which belong together. */
public final class Submodule {
    private final String label;
    private final Pair<?> pair;

    private record Pair<E extends Evidence>(AttestationScheme<E> scheme, E evidence) {
        static <E extends Evidence> Pair<E> parse(AttestationScheme<E> scheme, RawEvidence raw)
                throws EvidenceException {
            return new Pair<>(scheme, scheme.parse(raw));
        }

        Set<EndorsementRef> wanted(Endorsements inHand, Instant at) {
            return scheme.wanted(evidence, inHand, at);
        }

        Authentication authenticate(AuthenticationContext context) {
            return scheme.authenticate(evidence, context);
        }

        List<Field> show() {
            return scheme.show(evidence);
        }
    }

    private Submodule(String label, Pair<?> pair) {
        this.label = label;
        this.pair = pair;
    }

    /** Parses one device's evidence with the scheme of its type. */
    public static Submodule parse(String label, AttestationScheme<?> scheme, RawEvidence raw)
            throws RefusedEvidenceException {
        try {
            return new Submodule(label, Pair.parse(scheme, raw));
        } catch (EvidenceException e) {
            throw new RefusedEvidenceException(label, e);
        }
    }

    public String label() {
        return label;
    }

    public AttestationScheme<?> scheme() {
        return pair.scheme();
    }

    public Evidence evidence() {
        return pair.evidence();
    }

    public Set<EndorsementRef> wanted(Endorsements inHand, Instant at) {
        return pair.wanted(inHand, at);
    }

    public Authentication authenticate(AuthenticationContext context) {
        return pair.authenticate(context);
    }

    public List<Field> show() {
        return pair.show();
    }
}
