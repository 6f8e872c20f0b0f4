package io.countersign.fuzz;

import io.countersign.testkit.Fixtures;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.tdx.QuoteEvidence;
import io.countersign.verifier.tee.tdx.quote.QuoteMap;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.Tolerances;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What makes the service read what comes with quotes, beside a quote that is good. */
final class QuoteReads {
    private static final Bytes GOOD_QUOTE = Seeds.member("intel-tdx/v4", "quote");
    private static final Instant AT = Fixtures.named("intel-tdx/v4").at();

    private QuoteReads() {}

    /** Shows a quote, asks what it wants, and judges it with nothing in hand. */
    static Target.Ending quote(RawEvidence raw, AttestationScheme<QuoteEvidence> scheme) throws EvidenceException {
        QuoteEvidence evidence = scheme.parse(raw);
        scheme.show(evidence);
        scheme.wanted(evidence, Endorsements.none(), AT);
        var found = scheme.authenticate(
                evidence,
                new AuthenticationContext(
                        AT, Endorsements.none(), Tolerances.strict("fuzz"), BindingMethod.NONE, Optional.empty()));
        return found.authenticity() == Authenticity.REJECTED ? Target.Ending.REFUSED : Target.Ending.ACCEPTED;
    }

    /** Beside a quote that is good, so that a log is also replayed and told. */
    static Target.Ending eventLog(Bytes log) {
        try {
            return quote(new RawEvidence(Map.of("quote", GOOD_QUOTE, "event_log", log)), Core.TDX);
        } catch (EvidenceException e) {
            return Target.refused(e);
        }
    }

    static Target.Ending chained(Bytes chain) {
        QuoteMap map = QuoteMap.of(GOOD_QUOTE);
        try {
            return quote(new RawEvidence(Map.of("quote", map.withChain(GOOD_QUOTE, chain))), Core.TDX);
        } catch (EvidenceException e) {
            return Target.refused(e);
        }
    }
}
