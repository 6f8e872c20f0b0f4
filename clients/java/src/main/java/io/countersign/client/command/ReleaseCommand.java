package io.countersign.client.command;

import io.countersign.client.AttestedKey;
import io.countersign.client.SecretFile;
import io.countersign.client.command.Options.UsageException;
import io.countersign.client.release.SecretName;
import io.countersign.client.release.SecretRelease;
import io.countersign.client.release.SecretRelease.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code release}. */
final class ReleaseCommand {
    private static final Set<String> VALUED =
            Set.of("kms", "secret", "token-file", "key-file", "out", "ca-file", "timeout");

    private final Main main;

    ReleaseCommand(Main main) {
        this.main = main;
    }

    Exit run(List<String> words) throws UsageException, IOException {
        Options options = Options.read(words, VALUED, Set.of("insecure-http"), main.environment());
        var kms = Main.address(options, "kms");
        var name = new SecretName(options.demand("secret"));
        Path tokenFile = Path.of(options.demand("token-file"));
        Path keyFile = Path.of(options.demand("key-file"));
        if (!Files.exists(keyFile)) {
            // A key made now would open nothing: the token names the one that was attested.
            throw new NoSuchFileException(keyFile.toString());
        }
        Optional<Path> out = options.find("out").map(Path::of);
        if (out.isPresent()) {
            // Before the token is shown: where tokens are single-use, it serves once.
            SecretFile.demandPlace(out.get());
        }
        String token = new String(SecretFile.read(tokenFile), StandardCharsets.UTF_8).strip();
        Outcome outcome = new SecretRelease(kms, Main.http(options)).release(name, token, AttestedKey.inFile(keyFile));
        return end(outcome, out);
    }

    private Exit end(Outcome outcome, Optional<Path> file) throws IOException {
        if (outcome instanceof Outcome.Released released) {
            byte[] secret = released.secret().toByteArray();
            if (file.isPresent()) {
                SecretFile.write(file.get(), secret);
                main.say("released; the secret is in " + file.get());
            } else {
                main.out().write(secret);
                main.out().flush();
            }
            return Exit.DONE;
        }
        if (outcome instanceof Outcome.Refused refused) {
            main.say("the KMS refused: " + refused.problem().explained());
            return Exit.REFUSED;
        }
        if (outcome instanceof Outcome.Untrusted untrusted) {
            main.say(
                    "what the KMS sent is not used: expected " + untrusted.expected() + "; found " + untrusted.found(),
                    untrusted.hint());
            return Exit.REFUSED;
        }
        if (outcome instanceof Outcome.Unavailable unavailable) {
            main.say(unavailable.why(), unavailable.hint());
            return Causes.exit(unavailable.cause());
        }
        var misconfigured = (Outcome.Misconfigured) outcome;
        main.say(misconfigured.what(), misconfigured.hint());
        return Exit.CONFIGURATION;
    }
}
