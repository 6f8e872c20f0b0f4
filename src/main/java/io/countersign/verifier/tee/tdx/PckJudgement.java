package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.check.Outcome;
import java.security.PublicKey;
import java.util.Optional;

/**
 * How the certificate chain of a quote was judged.
 *
 * @param chain present when its signatures lead to a pinned root, whatever its windows
 * @param leafKey the key that the first certificate holds, also where nobody vouches for it: to say what else is wrong
 */
record PckJudgement(Outcome outcome, Optional<PckChain> chain, Optional<PublicKey> leafKey) {}
