package io.countersign.client.token;

/** What verification came to. A token is good only as {@link Accepted}. */
public sealed interface Verdict {
    /** Everything that is checked here holds. */
    record Accepted(VerifiedToken token) implements Verdict {}

    /** Something does not; the first that was found. */
    record Refused(Refusal refusal) implements Verdict {}
}
