package io.countersign.service.access;

import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.caller.AccessRules;
import io.countersign.service.caller.Caller;
import io.countersign.service.caller.Role;
import java.time.Duration;
import java.util.Set;

/** Decides for every request, before any resource sees it, whether it is answered. What is not allowed is refused. */
public final class Gate {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final AccessRules rules;
    private final Identification identification;
    private final AccessObserver observer;

    /** What becomes of a request. */
    public sealed interface Decision {
        record Admitted(Caller caller) implements Decision {}

        /** It is told whether the service is up, and nothing more. */
        record StatusAlone() implements Decision {}

        record Refused(Problem problem) implements Decision {}
    }

    public Gate(AccessRules rules, Identification identification, AccessObserver observer) {
        this.rules = rules;
        this.identification = identification;
        this.observer = observer;
    }

    /** Whether deciding may take as long as asking an issuer for its keys. */
    public Identification.Pace pace(Asked asked) {
        return looksWhoAsks(asked) ? identification.pace(asked) : Identification.Pace.AT_ONCE;
    }

    public Decision decide(Asked asked) {
        return switch (rules) {
            case AccessRules.Open _ -> openly(asked);
            case AccessRules.ByRole _ -> byRole(asked);
        };
    }

    private boolean looksWhoAsks(Asked asked) {
        return Routes.looked(asked.path()) == Routes.Looked.ALWAYS
                || rules instanceof AccessRules.ByRole
                        && !(Routes.need(asked.path(), asked.asSent()) instanceof Need.Nothing);
    }

    private Decision openly(Asked asked) {
        if (!looksWhoAsks(asked)) {
            return new Decision.Admitted(anybody());
        }
        return switch (identification.identify(asked)) {
            case Identity.Nobody _ -> new Decision.Admitted(anybody());
            case Identity.Found(var caller) -> new Decision.Admitted(caller);
            case Identity.Refused(var why) -> refused(why);
        };
    }

    private Decision byRole(Asked asked) {
        if (!looksWhoAsks(asked)) {
            return new Decision.Admitted(anybody());
        }
        Need need = Routes.need(asked.path(), asked.asSent());
        return switch (identification.identify(asked)) {
            case Identity.Nobody _ -> answer(need, anybody());
            case Identity.Found(var caller) -> answer(need, caller);
            // A probe that carries what was meant for a gateway still learns whether the service is up.
            case Identity.Refused(var why) -> need instanceof Need.Status ? answer(need, anybody()) : refused(why);
        };
    }

    private Caller anybody() {
        return new Caller.Anonymous(rules.everybody());
    }

    private Decision answer(Need need, Caller caller) {
        return switch (need) {
            case Need.Nothing _ -> new Decision.Admitted(caller);
            case Need.Status _ ->
                may(caller, Role.OPERATE) ? new Decision.Admitted(caller) : new Decision.StatusAlone();
            case Need.KnownCaller _ ->
                switch (caller) {
                    case Caller.Known _ -> new Decision.Admitted(caller);
                    case Caller.Anonymous _ ->
                        nobody("This route answers registered callers, and nobody says who asks.");
                };
            case Need.OfRole(var role) -> may(caller, role) ? new Decision.Admitted(caller) : without(role, caller);
            case Need.Unclassified _ ->
                switch (caller) {
                    case Caller.Known _ -> refused(Refusal.ROUTE_UNKNOWN);
                    case Caller.Anonymous _ ->
                        nobody(
                                "What is not open to everybody is answered to registered callers, and nobody says who asks.");
                };
        };
    }

    private static boolean may(Caller caller, Role role) {
        return caller.roles().contains(role);
    }

    private Decision without(Role role, Caller caller) {
        return switch (caller) {
            case Caller.Anonymous _ ->
                nobody("This route needs the role \"%s\", and nobody says who asks.".formatted(role.word()));
            case Caller.Known(var name, var _, var roles) -> {
                observer.refused(Refusal.ROLE_MISSING);
                yield new Decision.Refused(lacking(role, name, roles));
            }
        };
    }

    private static Problem lacking(Role role, String name, Set<Role> roles) {
        return Problem.of(
                        ProblemCode.FORBIDDEN,
                        "This route needs the role \"%s\", and the caller \"%s\" has %s."
                                .formatted(role.word(), name, Role.words(roles)),
                        "Ask the operator to add %s to countersign.callers.%s.roles.".formatted(role.word(), name))
                .with("role", role.word());
    }

    private Decision nobody(String detail) {
        observer.refused(Refusal.NO_CREDENTIALS);
        return new Decision.Refused(Problem.of(ProblemCode.UNAUTHENTICATED, detail, Refusal.NO_CREDENTIALS.hint()));
    }

    private Decision refused(Refusal why) {
        observer.refused(why);
        return new Decision.Refused(
                switch (why) {
                    case ISSUER_UNAVAILABLE ->
                        Problem.of(ProblemCode.IDENTITY_UNAVAILABLE, why.detail(), why.hint())
                                .retryAfter(RETRY_AFTER);
                    case ROUTE_UNKNOWN -> Problem.of(ProblemCode.NOT_FOUND, why.detail(), why.hint());
                    case NO_CREDENTIALS,
                            HEADER_TWICE,
                            HEADER_MALFORMED,
                            SECRET_UNKNOWN,
                            CERTIFICATE_UNKNOWN,
                            CERTIFICATE_AMBIGUOUS,
                            CERTIFICATE_ENDED,
                            IDENTITIES_DIFFER,
                            TOKEN_MALFORMED,
                            TOKEN_ALGORITHM,
                            TOKEN_ISSUER,
                            TOKEN_KEY,
                            TOKEN_SIGNATURE,
                            TOKEN_AUDIENCE,
                            TOKEN_TIME,
                            TOKEN_OURS,
                            SUBJECT_UNKNOWN,
                            ROLE_MISSING -> Problem.of(ProblemCode.UNAUTHENTICATED, why.detail(), why.hint());
                });
    }
}
