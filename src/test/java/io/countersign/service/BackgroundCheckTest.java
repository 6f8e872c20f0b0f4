package io.countersign.service;

import static io.countersign.service.RelyingParties.BACKGROUND;
import static io.countersign.service.RelyingParties.NEXT_SECRET;
import static io.countersign.service.RelyingParties.PASSPORT;
import static io.countersign.service.RelyingParties.PASSPORT_SECRET;
import static io.countersign.service.RelyingParties.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.BindingMethod;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The background-check model: a key service brings evidence that answers a nonce of its own. */
@QuarkusTest
@TestProfile(RelyingParties.class)
class BackgroundCheckTest {
    private static final AskedBy KMS = AskedBy.whoKnows(SECRET);

    @Inject
    PliantStore store;

    @AfterEach
    void bringTheStoreBack() {
        store.comeBack();
    }

    private static Answer attest(AskedBy asked, String nonce, String audience, String policy) {
        return asked.attest(Machine.challengedWith(nonce).attestation(audience, policy));
    }

    private static void notOurs(Answer answer, String missing, String remedy) {
        answer.problem(403, "nonce-not-ours");
        assertTrue(answer.json().get("detail").asText().contains(missing), answer.text());
        assertTrue(answer.json().get("hint").asText().contains(remedy), answer.text());
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 32, 63, 64})
    void aNonceOfTheCallersOwnMakesAToken(int length) {
        String nonce = AskedBy.random(length);
        JsonNode claims =
                Token.read(attest(KMS, nonce, BACKGROUND, "either").ok()).claims();
        assertEquals("caller", claims.get("countersign_freshness").asText());
        assertEquals(nonce, claims.get("eat_nonce").asText());
        assertEquals(BACKGROUND, claims.get("aud").asText());
    }

    @Test
    void aPolicyMayTakeCallersNoncesAlone() {
        String nonce = AskedBy.random(32);
        JsonNode claims =
                Token.read(attest(KMS, nonce, BACKGROUND, "caller-only").ok()).claims();
        assertEquals("caller", claims.get("countersign_freshness").asText());
        Answer refused = attest(KMS, Http.nonce(), BACKGROUND, "caller-only").problem(403, "policy-not-allowed");
        assertTrue(refused.json().get("hint").asText().contains("accept.freshness"), refused.text());
        attest(AskedBy.nobody(), Http.nonce(), BACKGROUND, "caller-only").problem(403, "policy-not-allowed");
    }

    @Test
    void aChallengeStillWorksWhoeverBringsIt() {
        for (AskedBy asked : new AskedBy[] {KMS, AskedBy.nobody(), AskedBy.whoKnows(PASSPORT_SECRET)}) {
            String nonce = Http.nonce();
            Answer answer = attest(asked, nonce, BACKGROUND, "either").ok();
            assertEquals(
                    "challenge",
                    Token.read(answer).claims().get("countersign_freshness").asText());
            attest(asked, nonce, BACKGROUND, "either").problem(409, "nonce-used");
        }
    }

    @Test
    void whatBeginsLikeAChallengeIsNothingElse() {
        String forged =
                Machine.base64Url(Bytes.concat(Bytes.fromHex("435301"), Bytes.utf8("0123456789abcdef0123456789abc")));
        attest(KMS, forged, BACKGROUND, "either").problem(400, "nonce-unknown");
    }

    @Test
    void nobodyBringsANonceOfHisOwn() {
        notOurs(
                attest(AskedBy.nobody(), AskedBy.random(32), BACKGROUND, "either"),
                "nobody says who brings it",
                "Authorization: Bearer");
    }

    @Test
    void aCallerBringsItForItsOwnAudiencesAlone() {
        notOurs(
                attest(KMS, AskedBy.random(32), PASSPORT, "either"),
                "kms does not speak for the audience " + PASSPORT,
                "countersign.callers.kms.audiences");
        notOurs(
                attest(AskedBy.whoKnows(PASSPORT_SECRET), AskedBy.random(32), BACKGROUND, "either"),
                "other does not speak for the audience " + BACKGROUND,
                "countersign.callers.other.audiences");
    }

    @Test
    void anAudienceMustBeRegisteredForIt() {
        notOurs(
                attest(AskedBy.whoKnows(PASSPORT_SECRET), AskedBy.random(32), PASSPORT, "either"),
                "the audience " + PASSPORT,
                "countersign.audiences.passport.caller-nonce=true");
    }

    @Test
    void thePolicyMustTakeIt() {
        notOurs(
                attest(KMS, AskedBy.random(32), BACKGROUND, "challenge-only"),
                "policy \"challenge-only\"",
                "accept.freshness");
    }

    @Test
    void anUnknownCallerIsNotTakenForNobody() {
        attest(AskedBy.whoKnows("x".repeat(43)), Http.nonce(), BACKGROUND, "either")
                .problem(401, "unauthenticated");
    }

    @Test
    void whetherANonceIsUsedOnceIsTheCallersBusiness() {
        String nonce = AskedBy.random(32);
        Token first = Token.read(attest(KMS, nonce, BACKGROUND, "either").ok());
        Token second = Token.read(attest(AskedBy.whoKnows(NEXT_SECRET), nonce, BACKGROUND, "either")
                .ok());
        assertNotEquals(first.claims().get("jti"), second.claims().get("jti"));
    }

    @Test
    void aRefusalCarriesItsReasons() {
        Answer answer = KMS.attest(Machine.challengedWith(AskedBy.random(32))
                        .report(report -> report.policyDebug(true))
                        .attestation(BACKGROUND, "either"))
                .problem(403, "appraisal-refused");
        assertEquals("failed", answer.rules().get("guest cannot be debugged"));
        assertFalse(answer.json().has("token"));
    }

    @Test
    void evidenceForAnotherNonceIsRejected() {
        Answer answer = KMS.attest(Machine.challengedWith(AskedBy.random(32))
                        .attestation(BACKGROUND, "either")
                        .put("nonce", AskedBy.random(32)))
                .problem(403, "appraisal-refused");
        assertEquals("failed", answer.outcomes().get("snp.binding"));
    }

    @Test
    void whatIsMissingIsUndeterminedHereToo() {
        Answer answer = KMS.attest(
                        Machine.challengedWith(AskedBy.random(32)).withoutCrl().attestation(BACKGROUND, "either"))
                .problem(403, "appraisal-refused");
        assertEquals("undetermined", answer.outcomes().get("snp.revocation"));
    }

    @Test
    void theKeyIsBoundAsAlways() throws JOSEException {
        var key = new ECKeyGenerator(Curve.P_384).generate().toPublicJWK();
        JsonNode claims = Token.read(KMS.attest(Machine.challengedWith(AskedBy.random(20))
                                .key(key)
                                .attestation(BACKGROUND, "either"))
                        .ok())
                .claims();
        assertEquals(
                key.computeThumbprint().toString(), claims.at("/cnf/jwk/kid").asText());
    }

    @Test
    void theBindingNonceWantsItsOwnLengths() {
        for (int length : new int[] {16, 33, 48}) {
            String nonce = AskedBy.random(length);
            KMS.attest(Machine.challengedWith(nonce)
                            .attestation(BACKGROUND, "either")
                            .put("binding", BindingMethod.NONCE.word()))
                    .invalidAt("/nonce");
        }
    }

    @Test
    void withoutTheStoreNoTokenIsMadeThatCouldNotBeConsumed() {
        store.goAway();
        attest(KMS, AskedBy.random(32), BACKGROUND, "either").problem(503, "store-unavailable");
    }
}
