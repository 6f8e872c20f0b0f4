package io.countersign.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The {@code jose} command of latchset, alone or in examples/jose/verify.sh; the key set is a file. */
final class JoseCommandSoftware implements RelyingSoftware {
    private final Setup setup;
    private final Terms terms;
    private final Path folder;

    JoseCommandSoftware(Setup setup, Terms terms) throws IOException, InterruptedException {
        Programs.assumeInstalled("jose", "jq");
        this.setup = setup;
        this.terms = terms;
        folder = Files.createTempDirectory("countersign-jose-");
        Files.writeString(folder.resolve("keys.json"), terms.publisher().keys());
    }

    @Override
    public void refresh() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("keys.json"), terms.publisher().keys());
    }

    @Override
    public Verdict judge(String token) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("token"), token);
        Programs.Ran ran = Programs.run(List.of("sh", "-c", command()), Map.of(), folder);
        return ran.exit() == 0 ? new Verdict.Accepted() : new Verdict.Refused(ran.output());
    }

    private String command() {
        return switch (setup) {
            case LEAST -> "jose jws ver -i token -k keys.json -O-";
            case ADVISED ->
                "%s keys.json '%s' '%s' '%s' <token"
                        .formatted(
                                Path.of("examples", "jose", "verify.sh").toAbsolutePath(),
                                terms.publisher().issuer(),
                                terms.audience(),
                                terms.policy());
        };
    }
}
