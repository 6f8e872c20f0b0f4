package io.countersign.service.signing.pkcs11;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import io.countersign.service.signing.KeyTroubleException;
import io.countersign.service.signing.RingKey;
import io.countersign.service.signing.Seal;
import io.countersign.service.signing.SigningAlgorithm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Does with a token what it reads, line by line, and says how that went. A process of its own, because a library finds its
 * configuration in the environment and is loaded once.
 */
final class TokenProgram {
    private final TokenVault vault;
    private final Map<String, RingKey> keys = new HashMap<>();
    private final Map<RingKey, Seal> seals = new HashMap<>();

    private TokenProgram(TokenVault vault) {
        this.vault = vault;
    }

    /** Takes the library, the token's label (- for none) and the PIN file. */
    public static void main(String[] arguments) throws IOException {
        Optional<String> label = arguments[1].equals("-") ? Optional.empty() : Optional.of(arguments[1]);
        var program = new TokenProgram(new TokenVault(
                new TokenSettings(Path.of(arguments[0]), label, Path.of(arguments[2]), Duration.ofSeconds(20))));
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String said;
            try {
                said = program.done(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
            } catch (KeyTroubleException e) {
                said = "trouble: " + e.why();
            } catch (Exception e) {
                said = "unexpected: " + e;
            }
            System.out.println(said);
        }
    }

    private String done(String command, String what) throws Exception {
        return switch (command) {
            case "make" -> {
                var algorithm = SigningAlgorithm.valueOf(what);
                var made = vault.make(algorithm);
                keys.put(
                        made.publicJwk().getKeyID(),
                        new RingKey(made.publicJwk(), algorithm, made.home(), Instant.EPOCH, Optional.empty()));
                yield made.publicJwk().toJSONString();
            }
            // The key as the ring of another process tells of it.
            case "know" -> {
                var jwk = ECKey.parse(what);
                keys.put(
                        jwk.getKeyID(),
                        new RingKey(
                                jwk,
                                SigningAlgorithm.valueOf(jwk.getAlgorithm().getName()),
                                new RingKey.Home.InToken(jwk.getKeyID()),
                                Instant.EPOCH,
                                Optional.empty()));
                yield "known";
            }
            case "sign" -> signed(known(what));
            case "destroy" -> {
                vault.destroy(known(what));
                yield "destroyed";
            }
            default -> "unknown command";
        };
    }

    private RingKey known(String kid) {
        return Objects.requireNonNull(keys.get(kid), kid);
    }

    /** With a seal that was opened once, as the service does. */
    private String signed(RingKey key) throws Exception {
        var seal = seals.get(key);
        if (seal == null) {
            seal = vault.open(key);
            seals.put(key, seal);
        }
        var token = new JWSObject(new JWSHeader(key.algorithm().jws()), new Payload("{}"));
        seal.sign(token);
        return JWSObject.parse(token.serialize()).verify(new ECDSAVerifier(key.publicJwk()))
                ? "signed"
                : "bad signature";
    }
}
