package io.countersign.service.audit;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.verifier.token.TokenSigner;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Lines in which the signing key vouches for the log so far, so that it cannot be written anew by somebody who has the files and
 * not the key. What is signed can be taken for no token: it has a type of its own, and neither issuer nor audience nor end.
 */
public final class Checkpoints {
    /** Explicit typing: RFC 8725, section 3.11. */
    public static final String TYPE = "countersign-audit-head+jws";

    private static final Logger LOG = Logger.getLogger("io.countersign");

    private final Journal journal;
    private final TokenSigner signer;
    private final InstantSource clock;
    private long upTo;

    public Checkpoints(Journal journal, TokenSigner signer, InstantSource clock) {
        this.journal = journal;
        this.signer = signer;
        this.clock = clock;
        this.upTo = journal.head().seq();
    }

    /** Vouches for what was written since the last time, if anything was. */
    public synchronized void make() {
        Head head = journal.head();
        // A checkpoint is a line too, and needs none of its own.
        if (head.seq() <= upTo + 1 && upTo > 0 || head.seq() == 0) {
            return;
        }
        var claims = new LinkedHashMap<String, Object>();
        claims.put("seq", head.seq());
        claims.put("head", head.hash());
        var members = new LinkedHashMap<String, Object>(Map.of("of", head.seq()));
        try {
            members.put("jws", signer.sign(TYPE, claims));
        } catch (CountersignException e) {
            LOG.warnf(
                    "audit: no checkpoint can be signed just now (%s)",
                    e.problem().code().code());
            return;
        }
        journal.note(new Entry(clock.instant(), Kind.CHECKPOINT, members));
        upTo = head.seq();
        LOG.infof("audit: line %d has the hash %s", head.seq(), head.hash());
    }
}
