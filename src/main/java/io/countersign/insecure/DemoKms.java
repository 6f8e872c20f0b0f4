package io.countersign.insecure;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The key service of {@code examples/kms} as a child process, with one secret; closing ends it. */
final class DemoKms implements AutoCloseable {
    static final String SECRET = "model-key";

    private static final Path JAR = Path.of("examples", "kms", "target", "kms.jar");
    /** What it says to whoever brings no token: so it is there. */
    private static final int UNAUTHENTICATED = 401;

    private final DemoProcess process;
    private final URI address;

    private DemoKms(DemoProcess process, URI address) {
        this.process = process;
        this.address = address;
    }

    static boolean built() {
        return Files.isRegularFile(JAR);
    }

    /**
     * Starts it in this folder, and waits until it answers.
     *
     * @param policyDigest the only content under which the secret is released
     * @param secret what it keeps
     */
    static DemoKms start(Path folder, DemoService service, DemoService.World world, String policyDigest, byte[] secret)
            throws IOException, InterruptedException, DemoException {
        Path own = Files.createDirectories(folder.resolve("kms"));
        Path secrets = Files.createDirectories(own.resolve("secrets"));
        Files.write(secrets.resolve(SECRET), secret);
        Path callerSecret = Files.writeString(own.resolve("caller-secret"), world.callerSecret());
        int port = DemoProcess.freePort();
        URI address = URI.create("http://127.0.0.1:" + port);
        var process = DemoProcess.start(
                "The key service",
                List.of(
                        "-jar",
                        JAR.toString(),
                        "--server.address=127.0.0.1",
                        "--server.port=" + port,
                        "--kms.issuer=" + service.address() + "/insecure",
                        "--kms.audience=" + world.audience(),
                        "--kms.laboratory=true",
                        "--kms.introspection.enabled=true",
                        "--kms.introspection.url=" + service.address().resolve("/v1/tokens/introspect"),
                        "--kms.introspection.caller-secret-file=" + callerSecret,
                        "--kms.introspection.consume=true",
                        "--kms.secrets-folder=" + secrets,
                        "--kms.secrets.%s.policies[0].id=%s".formatted(SECRET, DemoPolicy.GPUS),
                        "--kms.secrets.%s.policies[0].digest=%s".formatted(SECRET, policyDigest),
                        "--kms.secrets.%s.gpu-count=8".formatted(SECRET),
                        "--kms.secrets.%s.freshness=challenge".formatted(SECRET)),
                own.resolve("kms.log"),
                address.resolve("/v1/secrets/%s/release".formatted(SECRET)),
                UNAUTHENTICATED);
        return new DemoKms(process, address);
    }

    URI address() {
        return address;
    }

    Path log() {
        return process.log();
    }

    @Override
    public void close() {
        process.close();
    }
}
