package io.countersign.verifier.policy;

import io.countersign.verifier.result.PolicyIdentity;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Reference values and floors in a file of their own, for policies to draw in.
 *
 * @param file the name of the file
 * @param source its text
 * @param identity id, version, and the digest over its canonical form
 * @param reviewed when its floors were last compared with their bulletins
 */
public record ValuesFile(
        String file,
        String source,
        PolicyIdentity identity,
        String summary,
        Optional<LocalDate> reviewed,
        PolicyValues values) {
    /** What of it has expired or is about to, and which floors nobody compared for long. */
    public List<PolicyIssue> findings(Instant at) {
        return PolicyAge.of(values, at);
    }

    static ValuesFile of(String file, String source, ValuesDocument document) {
        return new ValuesFile(
                file,
                source,
                CanonicalForm.identity(document),
                document.summary(),
                document.reviewed(),
                document.values());
    }
}
