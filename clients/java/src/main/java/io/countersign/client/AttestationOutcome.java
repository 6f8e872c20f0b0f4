package io.countersign.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How an attestation ended. Only {@link Attested} has a token. */
public sealed interface AttestationOutcome {
    /**
     * The verdict is favourable.
     *
     * @param token the signed token in compact form
     * @param result the explained result as the service answered it, for logs and people; only the token is signed
     */
    record Attested(String token, Instant expiresAt, Map<String, Object> result) implements AttestationOutcome {
        public Attested {
            result = Collections.unmodifiableMap(new LinkedHashMap<>(result));
        }

        /** Without the token, which whoever holds it may use. */
        @Override
        public String toString() {
            return "Attested[until " + expiresAt + "]";
        }
    }

    /** The evidence was read and refused (status 403), or cannot be read (422). The problem has the reasons. */
    record Refused(Problem problem) implements AttestationOutcome {
        /** What was refused. */
        public enum Ground {
            /** The machine does not meet the policy. */
            POLICY,
            /** The evidence does not parse or is of a kind that the service does not know. */
            EVIDENCE
        }

        public Ground ground() {
            return problem.status() == 422 ? Ground.EVIDENCE : Ground.POLICY;
        }
    }

    /** There is no verdict now, and there may be one later. */
    record Unavailable(Cause cause, String why, String hint, Optional<Duration> retryAfter)
            implements AttestationOutcome {
        /** Who could not. */
        public enum Cause {
            /** The service cannot be reached, or what answers is not the service. */
            AWAY,
            /** The service, or a device of this machine, cannot just now. */
            BUSY,
            /** The service made a mistake. */
            FAULT
        }
    }

    /** Trying again changes nothing before somebody changes something. */
    record Misconfigured(String what, String hint) implements AttestationOutcome {}
}
