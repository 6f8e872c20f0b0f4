package io.countersign.proof;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/** Tokens that nobody may accept, each wrong in one way; the text is that of the table in docs/relying-parties.md. */
enum Attack {
    ALTERED_SIGNATURE("with one bit of the signature changed") {
        @Override
        List<String> tokens(Loot loot) {
            byte[] signature = Base64.getUrlDecoder().decode(loot.good().signature());
            signature[10] ^= 1;
            return List.of(loot.good().unsigned()
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
        }
    },
    ALTERED_CLAIM("with a claim changed") {
        @Override
        List<String> tokens(Loot loot) {
            return List.of(loot.good()
                    .claims(claims -> claims.put("countersign_debug", true))
                    .compact());
        }
    },
    ALG_NONE("`alg` none, no signature") {
        @Override
        List<String> tokens(Loot loot) {
            return List.of(
                    loot.good().header(header -> header.put("alg", "none")).unsigned(),
                    loot.good()
                            .header(header -> header.put("alg", "none").remove("kid"))
                            .unsigned());
        }
    },
    HMAC_WITH_PUBLIC_KEY("`alg` HS256, the public key as the secret") {
        @Override
        List<String> tokens(Loot loot) throws IOException {
            Jws forged = loot.good().header(header -> header.put("alg", "HS256"));
            byte[] der = loot.publicDer();
            String pem = "-----BEGIN PUBLIC KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                    + "\n-----END PUBLIC KEY-----\n";
            byte[] jwk = loot.key().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
            return List.of(
                    forged.hmacWith(pem.getBytes(StandardCharsets.US_ASCII)),
                    forged.hmacWith(der),
                    forged.hmacWith(jwk));
        }
    },
    OUR_KEY_ID("signed by a stranger under our `kid`") {
        @Override
        List<String> tokens(Loot loot) throws JOSEException {
            return List.of(loot.good().signedWith(stranger()));
        }
    },
    KEY_IN_HEADER("signed by a stranger, whose key is in the header") {
        @Override
        List<String> tokens(Loot loot) throws JOSEException {
            ECKey stranger = stranger();
            Consumer<ObjectNode> withKey = header -> header.set(
                    "jwk", new ObjectMapper().valueToTree(stranger.toPublicJWK().toJSONObject()));
            return List.of(
                    loot.good().header(withKey).signedWith(stranger),
                    loot.good()
                            .header(withKey)
                            .header(header -> header.put("kid", stranger.getKeyID()))
                            .signedWith(stranger));
        }
    },
    OTHER_COUNTERSIGN("of another Countersign that says our issuer") {
        @Override
        List<String> tokens(Loot loot) throws IOException, InterruptedException {
            return List.of(
                    loot.services().foreign(loot.good().claims().path("aud").asText()));
        }
    },
    EXPIRED("expired an hour ago") {
        @Override
        List<String> tokens(Loot loot) {
            return List.of(loot.resigned(claims -> shift(claims, -3600)));
        }
    },
    JUST_EXPIRED("expired ten seconds ago") {
        @Override
        List<String> tokens(Loot loot) {
            long end = loot.good().claims().path("exp").asLong();
            return List.of(loot.resigned(claims -> shift(claims, Instant.now().getEpochSecond() - 10 - end)));
        }
    },
    NOT_YET("good only in an hour") {
        @Override
        List<String> tokens(Loot loot) {
            return List.of(loot.resigned(claims -> shift(claims, 3600)));
        }
    },
    NO_END("without `exp`") {
        @Override
        List<String> tokens(Loot loot) {
            return List.of(loot.resigned(claims -> claims.remove("exp")));
        }
    },
    OTHER_AUDIENCE("for another audience") {
        @Override
        List<String> tokens(Loot loot) throws IOException, InterruptedException {
            // Genuine, and of a type that this software takes.
            String genuine = loot.services().token(ProofServices.ANOTHER_AUDIENCE);
            String ofItsType = Jws.of(genuine)
                    .header(header -> header.set("typ", loot.good().header().get("typ")))
                    .signedWith(loot.key());
            return List.of(ofItsType);
        }
    },
    OTHER_ISSUER("of another issuer, signed with our key") {
        @Override
        List<String> tokens(Loot loot) {
            return List.of(loot.resigned(claims -> claims.put("iss", "https://countersign.another.example")));
        }
    },
    OTHER_TYPE("of another `typ`: an access token") {
        @Override
        List<String> tokens(Loot loot) {
            return List.of(
                    loot.good().header(header -> header.put("typ", "at+jwt")).signedWith(loot.key()));
        }
    },
    OTHER_POLICY("under another policy") {
        @Override
        List<String> tokens(Loot loot) {
            return List.of(loot.resigned(claims -> claims.put("countersign_policy_id", "lax")));
        }
    },
    NOT_AFFIRMING("with the status warning") {
        @Override
        List<String> tokens(Loot loot) {
            return List.of(loot.resigned(claims -> claims.put("ear_status", "warning")));
        }
    };

    /**
     * What an attacker has, and more than any has: our private key, for tokens that only we could make and never do.
     *
     * @param good a token of the service that this software would accept
     */
    record Loot(ProofServices services, Jws good, ECKey key) {
        String resigned(Consumer<ObjectNode> change) {
            return good.claims(change).signedWith(key);
        }

        byte[] publicDer() {
            try {
                return key.toECPublicKey().getEncoded();
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final String text;

    Attack(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** One or several ways of it; it works when one of them does. */
    abstract List<String> tokens(Loot loot) throws IOException, InterruptedException, JOSEException;

    private static ECKey stranger() throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
    }

    private static void shift(ObjectNode claims, long seconds) {
        for (String name : List.of("iat", "nbf", "exp")) {
            claims.put(name, claims.path(name).asLong() + seconds);
        }
    }
}
