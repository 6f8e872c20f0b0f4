package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.tdx.quote.QuoteMap;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Tolerances;
import io.countersign.verifier.trust.TrustAnchors;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Shorthand for tests: Intel's anchors, one genuine quote of each kind, and the common ways to judge a quote. */
final class Tdx {
    static final TrustAnchors INTEL = Quotes.anchors();
    static final Signatures FAST = Quotes.signatures();

    /** The checks of a quote that is genuine and up to date, but for the log that came not along. */
    static final Set<String> AUTHENTICITY = Set.of(
            "tdx.format",
            "tdx.quote-signature",
            "tdx.qe-report",
            "tdx.pck-chain",
            "tdx.collateral",
            "tdx.revocation",
            "tdx.binding");

    private static final AttestationScheme<QuoteEvidence> TDX = new TdxScheme(INTEL, FAST, mindful());
    private static final AttestationScheme<QuoteEvidence> SGX = new SgxScheme(INTEL, FAST, mindful());

    private Tdx() {}

    static Quotes.Case v4() {
        return Quotes.named("tdx-v4-phala@tdx-b0c06f000000-2025-06");
    }

    static Quotes.Case v5() {
        return Quotes.named("tdx-v5-go@tdx-90c06f000000-2026-02");
    }

    static Quotes.Case v3() {
        return Quotes.named("sgx-v3-phala@sgx-00a067110000-2025-06");
    }

    static List<Quotes.Case> onePerKind() {
        return List.of(v4(), v5(), v3());
    }

    /** Remembers everything. */
    static SignatureFacts mindful() {
        var facts = new ConcurrentHashMap<SignatureFacts.Key, Object>();
        return new SignatureFacts() {
            @Override
            public <T> Optional<T> recall(Key key, Class<T> type) {
                return Optional.ofNullable(facts.get(key)).map(type::cast);
            }

            @Override
            public void remember(Key key, Object fact) {
                facts.put(key, fact);
            }
        };
    }

    static AttestationScheme<QuoteEvidence> scheme(Quotes.Case read) {
        return read.ofTd() ? TDX : SGX;
    }

    static QuoteEvidence parse(Quotes.Case read, Bytes quote) throws EvidenceException {
        return scheme(read).parse(new RawEvidence(Map.of("quote", quote)));
    }

    /** What the genuine quote answers: tests ask for it, so that an undamaged one is genuine. */
    static Bytes reportData(Quotes.Case read) {
        Bytes quote = read.quote();
        int signed = QuoteMap.of(quote).signed();
        // REPORTDATA ends both bodies, but for the 64 bytes that TDX 1.5 put behind it.
        int end = signed - QuoteMap.of(quote).body() == 648 ? signed - 64 : signed;
        return quote.slice(end - 64, end);
    }

    static Authentication judge(Quotes.Case read, Bytes quote) throws EvidenceException {
        return judge(read, quote, read.slots());
    }

    static Authentication judge(Quotes.Case read, Bytes quote, Map<String, List<Bytes>> slots)
            throws EvidenceException {
        return judge(read, quote, Endorsements.brought(slots), read.at());
    }

    static Authentication judge(Quotes.Case read, Bytes quote, Endorsements endorsements, Instant at)
            throws EvidenceException {
        return scheme(read)
                .authenticate(
                        parse(read, quote),
                        new AuthenticationContext(
                                at,
                                endorsements,
                                Tolerances.strict("test"),
                                BindingMethod.NONCE,
                                Optional.of(reportData(read))));
    }

    static Outcome outcome(Authentication authentication, TdxCheck check) {
        return authentication.report().outcomeOf(check);
    }

    /** What a failed check found. */
    static String actual(Authentication authentication, TdxCheck check) {
        return switch (outcome(authentication, check)) {
            case Outcome.Failed failed -> failed.actual();
            case Outcome other -> throw new AssertionError(check.code() + " did not fail: " + other);
        };
    }

    /** The codes of the checks that ended in a word. */
    static Set<String> ended(Authentication authentication, String word) {
        var codes = new TreeSet<String>();
        for (Check check : authentication.report().checks()) {
            if (check.outcome().word().equals(word)) {
                codes.add(check.id().code());
            }
        }
        return codes;
    }
}
