package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import io.countersign.proof.Attack.Loot;
import io.countersign.proof.RelyingSoftware.Setup;
import io.countersign.proof.RelyingSoftware.Terms;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens of the packaged service, in front of software that relying parties really use. */
class RelyingPartiesIT {
    @SuppressWarnings("NullAway.Init") // Started before the first test.
    private static ProofServices services;

    @BeforeAll
    static void start() throws IOException, InterruptedException, JOSEException {
        services = ProofServices.start();
    }

    @AfterAll
    static void stop() {
        services.close();
    }

    private static Terms terms(Software software, Setup setup) {
        return new Terms(services.publisher(), software.audience(setup), PackagedService.POLICY);
    }

    private static Loot loot(Software software, Setup setup) throws IOException, InterruptedException {
        String good = services.token(software.audience(setup));
        return new Loot(services, Jws.of(good), services.stolenKey(good));
    }

    /** Whether one of the tokens gets through. */
    private static Verdict verdict(RelyingSoftware opened, List<String> tokens)
            throws IOException, InterruptedException {
        Verdict verdict = new Verdict.Refused("there was no token");
        for (String token : tokens) {
            verdict = opened.judge(token);
            if (verdict instanceof Verdict.Accepted) {
                break;
            }
        }
        return verdict;
    }

    @ParameterizedTest
    @EnumSource
    void acceptsTheTokensOfTheService(Software software) throws Exception {
        for (Setup setup : Setup.values()) {
            try (RelyingSoftware opened = software.open(setup, terms(software, setup))) {
                String token = services.token(software.audience(setup));
                assertEquals(new Verdict.Accepted(), opened.judge(token), setup.name());
            }
        }
    }

    /** Signed again with the service's own key, a token is still good: so what is refused below is not the forger's hand. */
    @ParameterizedTest
    @EnumSource
    void acceptsATokenThatWasTakenApartAndPutTogether(Software software) throws Exception {
        for (Setup setup : Setup.values()) {
            try (RelyingSoftware opened = software.open(setup, terms(software, setup))) {
                String again = loot(software, setup).resigned(claims -> claims.put("jti", "another"));
                assertEquals(new Verdict.Accepted(), opened.judge(again), setup.name());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesEveryAttackWhenSetUpAsAdvised(Software software) throws Exception {
        try (RelyingSoftware opened = software.open(Setup.ADVISED, terms(software, Setup.ADVISED))) {
            Loot loot = loot(software, Setup.ADVISED);
            var through = new HashSet<Attack>();
            for (Attack attack : Attack.values()) {
                Verdict verdict = verdict(opened, attack.tokens(loot));
                if (verdict instanceof Verdict.Accepted) {
                    through.add(attack);
                }
            }
            assertEquals(software.beyond(), through);
            assertInstanceOf(
                    Verdict.Accepted.class, opened.judge(loot.good().compact()), "it still accepts a good one");
        }
    }

    /** Whatever it keeps of a token it has seen: none is accepted past its end. */
    @ParameterizedTest
    @EnumSource
    void refusesATokenOnceItHasEnded(Software software) throws Exception {
        try (RelyingSoftware opened = software.open(Setup.ADVISED, terms(software, Setup.ADVISED))) {
            assertInstanceOf(Verdict.Refused.class, onceEnded(opened, loot(software, Setup.ADVISED)));
        }
    }

    /** Shows a good token, waits until it has ended, and shows it again. */
    private static Verdict onceEnded(RelyingSoftware opened, Loot loot) throws IOException, InterruptedException {
        long end = Instant.now().getEpochSecond() + 4;
        String token = loot.resigned(claims -> claims.put("exp", end));
        assertEquals(new Verdict.Accepted(), opened.judge(token));
        Thread.sleep(Duration.between(Instant.now(), Instant.ofEpochSecond(end + 1)));
        return opened.judge(token);
    }

    @ParameterizedTest
    @EnumSource
    void checksWithTheLeastSetupWhatTheTableSays(Software software) throws Exception {
        try (RelyingSoftware opened = software.open(Setup.LEAST, terms(software, Setup.LEAST))) {
            Loot loot = loot(software, Setup.LEAST);
            var found = new LinkedHashMap<String, String>();
            for (Attack attack : Attack.values()) {
                found.put(attack.text(), verdict(opened, attack.tokens(loot)).word());
            }
            found.put(
                    "accepted before, and ended since", onceEnded(opened, loot).word());
            LeastTable.assertColumn(software.title(), found);
        }
    }

    /** Its own type check knows JWT only: why such a relying party is registered with {@code typ: JWT}, or told the type. */
    @Test
    void springWithTheLeastSetupRefusesTheDefaultType() throws Exception {
        try (RelyingSoftware opened = Software.SPRING.open(Setup.LEAST, terms(Software.SPRING, Setup.LEAST))) {
            assertInstanceOf(Verdict.Refused.class, opened.judge(services.token(PackagedService.AUDIENCE)));
        }
    }

    /** Nobody who asks for {@code ear_status} finds it in the other dialect, and refuses. */
    @ParameterizedTest
    @EnumSource
    void refusesTheLegacyDialectWhenSetUpForTheOther(Software software) throws Exception {
        var terms = new Terms(services.publisher(), ProofServices.LEGACY, PackagedService.POLICY);
        try (RelyingSoftware opened = software.open(Setup.ADVISED, terms)) {
            assertInstanceOf(Verdict.Refused.class, opened.judge(services.token(ProofServices.LEGACY)));
        }
    }

    /** OpenBao's and Vault's rules are a model; the tokens here are the service's own. */
    @ParameterizedTest
    @CsvSource({
        "https://kms.example, ear_status, true",
        "https://legacy.example, ear.status, true",
        "https://legacy.example, ear_status, false"
    })
    void theModelOfVaultTakesLiveTokens(String audience, String status, boolean taken) throws Exception {
        var json = new ObjectMapper();
        ObjectNode role = json.createObjectNode().put("user_claim", "sub").put("clock_skew_leeway", -1);
        role.putArray("bound_audiences").add(audience);
        role.putObject("bound_claims")
                .put(status, "affirming")
                .put("/submods/cpu0/" + status, "affirming")
                .put("countersign_policy_id", PackagedService.POLICY)
                .put("countersign_key_bound", true)
                .put("countersign_gpu_count", 0);
        ObjectNode config =
                json.createObjectNode().put("bound_issuer", services.publisher().issuer());
        var claims = Jws.of(services.token(audience)).claims();
        for (VaultModel.Flavour flavour : VaultModel.Flavour.values()) {
            assertEquals(
                    taken,
                    new VaultModel(flavour, config, role)
                            .refusal(claims, Instant.now())
                            .isEmpty());
        }
    }
}
