package io.countersign.service.appraisal;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.AttestedKey;
import io.countersign.service.api.result.CanonicalJson;
import io.countersign.service.api.result.ResultDocument;
import io.countersign.service.audience.Audiences;
import io.countersign.service.collateral.ClientId;
import io.countersign.service.collateral.GatheringOverloadedException;
import io.countersign.service.collateral.Occasion;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.countersign.verifier.token.Token;
import io.countersign.verifier.token.TokenContext;
import io.countersign.verifier.token.TokenIssuer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;

/** Appraises and, when the policy is met, countersigns: the only place where a token comes from. */
public final class AttestationService {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(15);

    private final AppraisalService appraisals;
    private final PolicyChoice choice;
    private final Challenges challenges;
    private final TokenIssuer issuer;
    private final TokenTerms terms;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Bystanders bystanders;

    /** A favourable result's document and the token made of it. */
    public record Attestation(Map<String, Object> document, Token token) {}

    /**
     * What every token of this service has in common.
     *
     * @param baseUrl where relying parties reach this service, without a slash at the end
     */
    public record TokenTerms(String baseUrl, Duration lifetime, TokenContext.Assurance assurance) {
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
            Challenges challenges,
            TokenIssuer issuer,
            TokenTerms terms,
            InstantSource clock,
            SecureRandom random,
            Bystanders bystanders) {
        this.appraisals = appraisals;
        this.choice = choice;
        this.challenges = challenges;
        this.issuer = issuer;
        this.terms = terms;
        this.clock = clock;
        this.random = random;
        this.bystanders = bystanders;
    }

    /** One attestation; every way of not getting a token is an exception that carries its problem. */
    public Attestation attest(AppraisalRequest request, ClientId client)
            throws RefusedEvidenceException, GatheringOverloadedException {
        Instant now = clock.instant();
        Audiences.Audience audience = choice.audience(request);
        AppraisalPolicy policy = choice.forAudience(audience, request, now);
        var nonce = request.binding().nonce();
        Instant nonceExpiry = challenges.recognise(
                nonce, audience.relyingParty().audience(), policy.identity().id(), now);

        CompositeEvidence evidence = Parsing.parse(request.evidence());
        AppraisalService.Appraised appraised = appraisals.appraise(
                evidence, request.endorsements(), policy, request.binding(), now, Occasion.NOW, client);
        AttestationResult result = appraised.result();
        bystanders.attested(request, evidence, policy, appraised);
        Map<String, Object> document = ResultDocument.of(result, ResultDocument.Mark.NOT_SET, terms.insecure());
        if (!result.favourable()) {
            throw new CountersignException(refusal(appraised, document));
        }
        challenges.spend(nonce, nonceExpiry, clock.instant());
        var context = new TokenContext(
                terms.issuer(),
                tokenId(),
                terms.lifetime(),
                TokenContext.Freshness.CHALLENGE,
                request.key().map(AttestedKey::confirmation),
                CanonicalJson.of(document).sha256(),
                terms.assurance());
        Token token = issuer.issue(result, audience.relyingParty(), context);
        document.put("token", token.compact());
        document.put("expires_at", token.expiresAt().toString());
        return new Attestation(document, token);
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

    private String tokenId() {
        byte[] id = new byte[16];
        random.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }
}
