package io.countersign.verifier.claim;

import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How authenticating one device's evidence ended. The report alone decides which of the three it is; there is no other
 * way to get one.
 */
public abstract sealed class Authentication {
    private final CheckReport report;

    private Authentication(CheckReport report) {
        this.report = report;
    }

    /**
     * Lets the report decide: a failed authenticity check rejects, one that is undetermined or not reached leaves it
     * unsettled.
     *
     * @param claims asked for only when nothing was rejected
     * @param restsUntil the earliest end of every window the verdict rests on
     */
    public static Authentication conclude(CheckReport report, Supplier<Claims> claims, Instant restsUntil) {
        var outcomes = report.checks().stream()
                .filter(check -> check.id().kind() == CheckId.Kind.AUTHENTICITY)
                .map(Check::outcome)
                .toList();
        if (outcomes.stream().anyMatch(Outcome.Failed.class::isInstance)) {
            return new Rejected(report);
        }
        if (outcomes.stream().allMatch(Outcome::admits)) {
            return new Genuine(report, claims.get(), restsUntil);
        }
        return new Unsettled(report, claims.get());
    }

    public CheckReport report() {
        return report;
    }

    /** Absent when the evidence was rejected. */
    public abstract Optional<Claims> claims();

    public abstract Authenticity authenticity();

    /** Every authenticity check passed, or was waived by name where that is possible. */
    public static final class Genuine extends Authentication {
        private final Claims claims;
        private final Instant restsUntil;

        private Genuine(CheckReport report, Claims claims, Instant restsUntil) {
            super(report);
            this.claims = claims;
            this.restsUntil = restsUntil;
        }

        @Override
        public Optional<Claims> claims() {
            return Optional.of(claims);
        }

        @Override
        public Authenticity authenticity() {
            return Authenticity.GENUINE;
        }

        /** The earliest end of every certificate, CRL and collateral window this verdict rests on. */
        public Instant restsUntil() {
            return restsUntil;
        }
    }

    /** Nothing failed, but something could not be known: the claims are shown, and never affirm anything. */
    public static final class Unsettled extends Authentication {
        private final Claims claims;

        private Unsettled(CheckReport report, Claims claims) {
            super(report);
            this.claims = claims;
        }

        @Override
        public Optional<Claims> claims() {
            return Optional.of(claims);
        }

        @Override
        public Authenticity authenticity() {
            return Authenticity.UNDETERMINED;
        }
    }

    /** Something failed: whatever the evidence says is worth nothing, so there are no claims. */
    public static final class Rejected extends Authentication {
        private Rejected(CheckReport report) {
            super(report);
        }

        @Override
        public Optional<Claims> claims() {
            return Optional.empty();
        }

        @Override
        public Authenticity authenticity() {
            return Authenticity.REJECTED;
        }
    }
}
