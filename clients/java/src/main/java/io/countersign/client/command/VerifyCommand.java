package io.countersign.client.command;

import io.countersign.client.StrictJson;
import io.countersign.client.command.Options.UsageException;
import io.countersign.client.token.Expectations;
import io.countersign.client.token.Refusal;
import io.countersign.client.token.TokenVerifier;
import io.countersign.client.token.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code verify}. */
final class VerifyCommand {
    private static final Set<String> VALUED = Set.of(
            "issuer",
            "audience",
            "token-file",
            "jwks",
            "typ",
            "policy",
            "policy-digest",
            "tee",
            "gpu-count",
            "max-age",
            "ca-file",
            "timeout");
    private static final Set<String> SWITCHES = Set.of(
            "key-bound", "allow-warning", "allow-insecure", "allow-debug", "allow-any-workload", "insecure-http");
    private static final int MAX_FILE = 256 * 1024;

    private final Main main;

    VerifyCommand(Main main) {
        this.main = main;
    }

    Exit run(List<String> words) throws UsageException, IOException {
        Options options = Options.read(words, VALUED, SWITCHES, main.environment());
        TokenVerifier verifier = verifier(options).expecting(expectations(options));
        Optional<String> typ = options.find("typ");
        String token = text(Path.of(options.demand("token-file"))).strip();
        Verdict verdict = (typ.isPresent() ? verifier.ofType(typ.get()) : verifier).verify(token);
        if (verdict instanceof Verdict.Accepted accepted) {
            main.out().println(StrictJson.write(accepted.token().claims()));
            return Exit.DONE;
        }
        Refusal refusal = ((Verdict.Refused) verdict).refusal();
        main.say("refused: " + refusal.explained());
        return switch (refusal.code()) {
            case KEYS_UNAVAILABLE -> Exit.AWAY;
            case TOKEN_MALFORMED -> Exit.BAD_EVIDENCE;
            default -> Exit.REFUSED;
        };
    }

    private static TokenVerifier verifier(Options options) throws UsageException, IOException {
        String audience = options.demand("audience");
        Optional<String> keys = options.find("jwks");
        return keys.isPresent()
                ? TokenVerifier.withKeys(options.demand("issuer"), audience, text(Path.of(keys.get())))
                : TokenVerifier.discovering(Main.address(options, "issuer"), audience, Main.http(options));
    }

    private static Expectations expectations(Options options) throws UsageException {
        Expectations expected = Expectations.strict();
        if (options.find("policy").isPresent()) {
            expected = expected.policy(options.demand("policy"));
        }
        if (options.find("policy-digest").isPresent()) {
            expected = expected.policyDigest(options.demand("policy-digest"));
        }
        if (options.find("tee").isPresent()) {
            expected = expected.tee(
                    Pattern.compile(",").splitAsStream(options.demand("tee")).toArray(String[]::new));
        }
        var gpus = options.number("gpu-count");
        if (gpus.isPresent()) {
            expected = expected.gpus(gpus.getAsInt());
        }
        if (options.find("max-age").isPresent()) {
            expected = expected.maxAge(options.seconds("max-age", Duration.ZERO));
        }
        if (options.has("key-bound")) {
            expected = expected.keyBound();
        }
        return allowed(options, expected);
    }

    private static Expectations allowed(Options options, Expectations strict) {
        Expectations expected = options.has("allow-warning") ? strict.allowWarning() : strict;
        expected = options.has("allow-insecure") ? expected.dangerouslyAllowInsecure() : expected;
        expected = options.has("allow-debug") ? expected.dangerouslyAllowDebug() : expected;
        return options.has("allow-any-workload") ? expected.dangerouslyAllowAnyWorkload() : expected;
    }

    private static String text(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_FILE + 1);
            if (content.length > MAX_FILE) {
                throw new FileSystemException(file.toString(), null, "it has more than " + MAX_FILE + " bytes");
            }
            return new String(content, StandardCharsets.UTF_8);
        }
    }
}
