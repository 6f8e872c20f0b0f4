package io.countersign.service.introspection;

import io.countersign.service.audience.Audiences;
import io.countersign.service.audience.Audiences.Audience;
import io.countersign.service.audit.Docket;
import io.countersign.service.caller.Caller;
import io.countersign.service.introspection.Introspection.Active;
import io.countersign.service.introspection.Introspection.Inactive;
import io.countersign.service.introspection.Introspection.Reason;
import io.countersign.service.introspection.Introspection.Secret;
import io.countersign.service.introspection.Introspection.SingleUse;
import io.countersign.service.introspection.Introspection.Untold;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.service.signing.IssuedTokens;
import io.countersign.service.store.OnceStore;
import io.countersign.service.store.OnceStore.Kind;
import io.countersign.service.store.OnceStore.Spending;
import io.countersign.service.store.TokenId;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.result.AttestationResult.Workload;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/** Answers whether a token is good now, and uses it up for who asks for that: one step, after everything else is known. */
public final class Introspections {
    /** The contract's skew: 60 s on beginnings, none on ends. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    /** Tokens stay under 4 KiB; what is longer than this is none of ours. */
    private static final int LONGEST = 8 * 1024;

    private final IssuedTokens issued;
    private final Audiences audiences;
    private final PolicyLibrary policies;
    private final OnceStore store;
    private final InstantSource clock;
    private final IntrospectionObserver observer;

    /** What the asker means to do. */
    public enum Intent {
        LOOK,
        CONSUME;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Introspections(
            IssuedTokens issued,
            Audiences audiences,
            PolicyLibrary policies,
            OnceStore store,
            InstantSource clock,
            IntrospectionObserver observer) {
        this.issued = issued;
        this.audiences = audiences;
        this.policies = policies;
        this.store = store;
        this.clock = clock;
        this.observer = observer;
    }

    /** One question about a text of any origin. Throws a {@code CountersignException} when the store cannot be asked. */
    public Introspection introspect(String token, Intent intent, Caller.Known asker) {
        Introspection answer = judge(token, intent, asker);
        Docket.current().use(intent.word(), answer.word());
        observer.answered(answer);
        return answer;
    }

    private Introspection judge(String token, Intent intent, Caller.Known asker) {
        Optional<TokenClaims> read = token.length() <= LONGEST ? claims(token) : Optional.empty();
        if (read.isEmpty()) {
            return new Untold(Secret.SIGNATURE_UNKNOWN);
        }
        TokenClaims claims = read.get();
        Optional<Audience> audience = audiences.find(claims.audience());
        if (audience.isEmpty()) {
            return new Untold(Secret.AUDIENCE_REMOVED);
        }
        if (!asker.audiences().contains(audience.get().name())) {
            return new Untold(Secret.ANOTHER_AUDIENCE);
        }
        Docket.current()
                .asksFor(Optional.of(claims.audience()), Optional.empty())
                .policy(claims.policy(), claims.policyDigest())
                .token(claims.tokenId(), Optional.empty(), claims.expiry());
        Instant now = clock.instant();
        Optional<Reason> reason = untimely(claims, now).or(() -> withdrawn(claims, audience.get(), now));
        return reason.<Introspection>map(Inactive::new).orElseGet(() -> spent(claims, intent, now));
    }

    private Optional<TokenClaims> claims(String token) {
        return switch (issued.recognise(token)) {
            case IssuedTokens.Recognition.Ours(var _, var claims) -> TokenClaims.read(claims);
            case IssuedTokens.Recognition.NotOurs _ -> Optional.empty();
        };
    }

    private static Optional<Reason> untimely(TokenClaims claims, Instant now) {
        if (!now.isBefore(claims.expiry())) {
            return Optional.of(Reason.EXPIRED);
        }
        return claims.notBefore().isAfter(now.plus(SKEW)) ? Optional.of(Reason.NOT_YET_VALID) : Optional.empty();
    }

    /** Whether the token would still be made under its policy: the same conditions as for making it. */
    private Optional<Reason> withdrawn(TokenClaims claims, Audience audience, Instant now) {
        Optional<AppraisalPolicy> policy = policies.find(claims.policy())
                .filter(loaded -> audience.policies().contains(claims.policy()));
        if (policy.isEmpty()
                || policy.get().shadowOf().isPresent()
                || policy.get().workload(now) instanceof Workload.NotPinned) {
            return Optional.of(Reason.POLICY_WITHDRAWN);
        }
        return policy.get().identity().digestText().equals(claims.policyDigest())
                ? Optional.empty()
                : Optional.of(Reason.POLICY_CHANGED);
    }

    private Introspection spent(TokenClaims claims, Intent intent, Instant now) {
        Optional<TokenId> id = TokenId.read(claims.tokenId());
        if (id.isEmpty()) {
            // Made by a version of this service that did not write the epoch into the id.
            return new Inactive(Reason.STORE_FORGOT);
        }
        Spending spending =
                switch (intent) {
                    case LOOK ->
                        store.look(Kind.TOKEN, id.get().bytes(), id.get().madeUnder());
                    case CONSUME -> consume(id.get(), claims, now);
                };
        return switch (spending) {
            case SPENT_NOW ->
                new Active(
                        claims.shown(),
                        switch (intent) {
                            case LOOK -> SingleUse.UNUSED;
                            case CONSUME -> SingleUse.CONSUMED_NOW;
                        });
            case SPENT_BEFORE -> new Inactive(Reason.CONSUMED);
            case FORGOTTEN -> new Inactive(Reason.STORE_FORGOT);
        };
    }

    /**
     * Where there is an audit log, that the token was consumed stands in it before it is: a log that cannot be written leaves the
     * token as it was. The look before it spares a line for each token that was consumed long ago.
     */
    private Spending consume(TokenId id, TokenClaims claims, Instant now) {
        Docket docket = Docket.current();
        if (docket.isKept()) {
            Spending before = store.look(Kind.TOKEN, id.bytes(), id.madeUnder());
            if (before != Spending.SPENT_NOW) {
                return before;
            }
            docket.use(Intent.CONSUME.word(), SingleUse.CONSUMED_NOW.word()).commit();
        }
        Spending spending = store.spend(Kind.TOKEN, id.bytes(), id.madeUnder(), claims.expiry(), now);
        if (spending != Spending.SPENT_NOW) {
            docket.takeBack();
        }
        return spending;
    }
}
