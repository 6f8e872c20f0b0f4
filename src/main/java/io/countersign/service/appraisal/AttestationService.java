package io.countersign.service.appraisal;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.AttestedKey;
import io.countersign.service.api.result.CanonicalJson;
import io.countersign.service.api.result.ResultDocument;
import io.countersign.service.audience.Audiences;
import io.countersign.service.audit.Docket;
import io.countersign.service.caller.Caller;
import io.countersign.service.caller.Role;
import io.countersign.service.collateral.ClientId;
import io.countersign.service.collateral.GatheringOverloadedException;
import io.countersign.service.collateral.Occasion;
import io.countersign.service.store.Epoch;
import io.countersign.service.store.TokenId;
import io.countersign.service.verbs.Verb;
import io.countersign.service.verbs.Verbs;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.PolicyIdentity;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.countersign.verifier.token.Token;
import io.countersign.verifier.token.TokenContext;
import io.countersign.verifier.token.TokenIssuer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Appraises and, when the policy is met, countersigns: the only place where a token comes from. */
public final class AttestationService {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(15);

    private final AppraisalService appraisals;
    private final PolicyChoice choice;
    private final Freshening freshening;
    private final TokenIssuer issuer;
    private final TokenTerms terms;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Bystanders bystanders;
    private final Verbs verbs;

    /**
     * A favourable result's document and the token made of it.
     *
     * @param madeUnder the store's epoch, which stands in the token's id
     */
    public record Attestation(Map<String, Object> document, Token token, PolicyIdentity policy, Epoch madeUnder) {}

    /**
     * What every token of this service has in common.
     *
     * @param baseUrl where relying parties reach this service, without a slash at the end
     */
    public record TokenTerms(String baseUrl, Duration lifetime, TokenContext.Assurance assurance) {
        private static final Duration SHORTEST = Duration.ofSeconds(1);

        /** Refuses a lifetime with which no token could be made: said at start, not to whoever attests. */
        public TokenTerms {
            if (lifetime.compareTo(SHORTEST) < 0 || lifetime.compareTo(TokenContext.MAX_LIFETIME) > 0) {
                throw new IllegalArgumentException("countersign.token.lifetime is %s; it goes from %s to %s"
                        .formatted(lifetime, SHORTEST, TokenContext.MAX_LIFETIME));
            }
        }

        /** Laboratory tokens name an issuer of their own, so that nobody takes them for real ones. */
        public String issuer() {
            return assurance == TokenContext.Assurance.INSECURE ? baseUrl + "/insecure" : baseUrl;
        }

        public ResultDocument.Mark insecure() {
            return assurance == TokenContext.Assurance.INSECURE ? ResultDocument.Mark.SET : ResultDocument.Mark.NOT_SET;
        }
    }

    public AttestationService(
            AppraisalService appraisals,
            PolicyChoice choice,
            Freshening freshening,
            TokenIssuer issuer,
            TokenTerms terms,
            InstantSource clock,
            SecureRandom random,
            Bystanders bystanders,
            Verbs verbs) {
        this.appraisals = appraisals;
        this.choice = choice;
        this.freshening = freshening;
        this.issuer = issuer;
        this.terms = terms;
        this.clock = clock;
        this.random = random;
        this.bystanders = bystanders;
        this.verbs = verbs;
    }

    /** One attestation; every way of not getting a token is an exception that carries its problem. */
    public Attestation attest(AppraisalRequest request, Caller caller, ClientId client)
            throws RefusedEvidenceException, GatheringOverloadedException {
        Instant now = clock.instant();
        Audiences.Audience audience = choice.audience(request);
        AppraisalPolicy policy = choice.forAudience(audience, request, now);
        Docket docket = Docket.current().policy(policy.identity());
        Fresh fresh = freshening.recognise(request.binding().nonce(), audience, policy, caller, now);
        docket.freshness(word(fresh).word());

        CompositeEvidence evidence;
        try (var _ = verbs.begin(Verb.PARSE)) {
            evidence = Parsing.parse(request.evidence());
        }
        AppraisalService.Appraised appraised = appraisals.appraise(
                evidence, request.endorsements(), policy, request.binding(), now, Occasion.NOW, client);
        AttestationResult result = appraised.result();
        bystanders.attested(request, evidence, policy, appraised);
        Map<String, Object> document =
                ResultDocument.of(result, ResultDocument.Mark.NOT_SET, terms.insecure(), wanted(caller));
        docket.judged(result, () -> CanonicalJson.of(document).sha256());
        if (!result.favourable()) {
            throw new CountersignException(refusal(appraised, document));
        }
        String tokenId = TokenId.fresh(random, fresh.madeUnder()).text();
        var context = new TokenContext(
                terms.issuer(),
                tokenId,
                terms.lifetime(),
                word(fresh),
                request.key().map(AttestedKey::confirmation),
                CanonicalJson.of(document).sha256(),
                terms.assurance());
        Token token;
        try (var _ = verbs.begin(Verb.COUNTERSIGN)) {
            // Signed first: a key that cannot sign costs nobody a challenge. Nobody gets the token unless this spends
            // it.
            token = issuer.issue(result, audience.relyingParty(), context);
            // On record before anything is spent: a log that cannot be written costs nobody a challenge either.
            docket.token(tokenId, KeyIds.of(token), token.expiresAt()).commit();
            freshening.spend(fresh, clock.instant());
        }
        bystanders.countersigned(audience.name(), policy.identity());
        document.put("token", token.compact());
        document.put("expires_at", token.expiresAt().toString());
        return new Attestation(document, token, policy.identity(), fresh.madeUnder());
    }

    /**
     * The policy under which this request would be judged now. What configuration or policies refuse now is refused, as by
     * {@link #attest}; the evidence and what became of the nonce are not looked at.
     */
    public PolicyIdentity admit(AppraisalRequest request, Caller caller) {
        Audiences.Audience audience = choice.audience(request);
        AppraisalPolicy policy = choice.forAudience(audience, request, clock.instant());
        freshening.admit(request.binding().nonce(), audience, policy, caller);
        return policy.identity();
    }

    /** Whether a caller may see what the rules of a loaded policy compare with. */
    public static ResultDocument.Wanted wanted(Caller caller) {
        return caller.roles().contains(Role.READ_POLICIES)
                ? ResultDocument.Wanted.SHOWN
                : ResultDocument.Wanted.WITHHELD;
    }

    private static TokenContext.Freshness word(Fresh fresh) {
        return switch (fresh) {
            case Fresh.Challenge _ -> TokenContext.Freshness.CHALLENGE;
            case Fresh.OfCaller _ -> TokenContext.Freshness.CALLER;
        };
    }

    private static Problem refusal(AppraisalService.Appraised appraised, Map<String, Object> document) {
        AttestationResult result = appraised.result();
        Problem problem = result.retryCanHelp()
                ? Problem.of(
                                ProblemCode.ENDORSEMENT_UNAVAILABLE,
                                "Nothing speaks against the evidence, but an endorsement it needs could not be fetched.",
                                "Try again, or send the endorsement along; the checks say which one it is.")
                        .retryAfter(appraised.retryAfter().orElse(RETRY_AFTER))
                : Problem.of(
                        ProblemCode.APPRAISAL_REFUSED,
                        "The evidence does not meet the policy \"%s\"."
                                .formatted(result.policy().id()),
                        "Every check and rule below that is neither passed nor waived says what was expected, what was"
                                + " found and what to do.");
        for (var member : document.entrySet()) {
            // RFC 9457 gives "status" to the number, so the result's word stands in "ear_status".
            problem =
                    problem.with(member.getKey().equals("status") ? "ear_status" : member.getKey(), member.getValue());
        }
        return problem;
    }
}
