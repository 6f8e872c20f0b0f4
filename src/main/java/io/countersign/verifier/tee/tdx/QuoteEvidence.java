package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.scheme.Evidence;
import io.countersign.verifier.tee.tdx.eventlog.EventLog;
import io.countersign.verifier.tee.tdx.quote.Quote;
import io.countersign.verifier.trust.Signatures.Verdict;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One quote and the log that may have come beside it; nothing about either is trusted. */
public final class QuoteEvidence implements Evidence {
    private final Quote quote;
    private final Optional<EventLog> eventLog;

    /**
     * Facts about bytes that never change, computed once although evidence is looked at several times while endorsements are
     * gathered. Both keys stand in the quote itself.
     */
    private @Nullable Verdict quoteSignature;

    private @Nullable Verdict qeReportSignature;

    public QuoteEvidence(Quote quote, Optional<EventLog> eventLog) {
        this.quote = quote;
        this.eventLog = eventLog;
    }

    public Quote quote() {
        return quote;
    }

    public Optional<EventLog> eventLog() {
        return eventLog;
    }

    synchronized Verdict quoteSignature(Supplier<Verdict> verification) {
        Verdict known = quoteSignature;
        if (known == null) {
            known = verification.get();
            quoteSignature = known;
        }
        return known;
    }

    synchronized Verdict qeReportSignature(Supplier<Verdict> verification) {
        Verdict known = qeReportSignature;
        if (known == null) {
            known = verification.get();
            qeReportSignature = known;
        }
        return known;
    }

    /** Header and body only: signatures and padding can be changed by anybody. */
    @Override
    public Bytes committedBytes() {
        return quote.signedBytes();
    }
}
