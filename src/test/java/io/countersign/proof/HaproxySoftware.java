package io.countersign.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** HAProxy before a key service that hands its key to whoever gets through. */
final class HaproxySoftware implements RelyingSoftware {
    static final Path EXAMPLE = Path.of("examples", "haproxy", "haproxy.cfg");

    /** As the manual's example of jwt_verify has it, section 7.3.1. */
    private static final String OF_THE_MANUAL = """
            defaults
                mode http
                timeout connect 3s
                timeout client 20s
                timeout server 20s
            frontend gate
                bind "${GATE_BIND}"
                http-request set-var(txn.bearer) http_auth_bearer
                http-request set-var(txn.jwt_alg) var(txn.bearer),jwt_header_query('$.alg')
                http-request deny status 401 unless { var(txn.bearer),jwt_verify(txn.jwt_alg,"${COUNTERSIGN_KEYS}/signing-1.pem") 1 }
                default_backend kms
            backend kms
                server kms "${KMS_ADDRESS}"
            """;

    private final KeyService kms = new KeyService();
    private final Path folder;
    private final Terms terms;
    private final Path configuration;
    private final int port;
    private Process haproxy;

    HaproxySoftware(Setup setup, Terms terms) throws IOException, InterruptedException {
        this(setup == Setup.LEAST ? OF_THE_MANUAL : Files.readString(EXAMPLE), terms);
    }

    HaproxySoftware(String configuration, Terms terms) throws IOException, InterruptedException {
        Programs.assumeInstalled("haproxy", "curl", "jq", "openssl");
        this.terms = terms;
        this.folder = Files.createTempDirectory("countersign-haproxy-");
        this.configuration = Files.writeString(folder.resolve("haproxy.cfg"), configuration);
        this.port = PackagedService.freePort();
        fetchKeys();
        haproxy = start();
    }

    /** Where the keys are, which is what jwt_verify would take for the secret of HS256. */
    Path keyFile() {
        return folder.resolve("signing-1.pem");
    }

    /** Fetches the keys, and reads them if they changed. */
    @Override
    public void refresh() throws IOException, InterruptedException {
        if (fetchKeys()) {
            stop();
            haproxy = start();
        }
    }

    /** Runs the example's script, and says what it says: whether the keys changed. */
    private boolean fetchKeys() throws IOException, InterruptedException {
        Path script = EXAMPLE.resolveSibling("keys.sh").toAbsolutePath();
        Programs.Ran ran = Programs.run(
                List.of(script.toString(), terms.publisher().keySet().toString(), folder.toString()), Map.of(), folder);
        return switch (ran.exit()) {
            case 0 -> true;
            case 10 -> false;
            default -> throw new IllegalStateException("keys.sh: " + ran.output());
        };
    }

    private Process start() throws IOException, InterruptedException {
        var builder = new ProcessBuilder("haproxy", "-db", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("haproxy.log").toFile());
        var environment = new TreeMap<>(Map.of(
                "GATE_BIND", "127.0.0.1:" + port,
                "KMS_ADDRESS", kms.address(),
                "COUNTERSIGN_KEYS", folder.toString(),
                "COUNTERSIGN_ISSUER", terms.publisher().issuer(),
                "COUNTERSIGN_AUDIENCE", terms.audience(),
                "COUNTERSIGN_POLICY", terms.policy()));
        environment.put("PATH", System.getenv("PATH") + ":/usr/sbin");
        builder.environment().putAll(environment);
        Process started = builder.start();
        KeyService.awaitGate(started, port, folder.resolve("haproxy.log").toString());
        return started;
    }

    /** The status with which a request without any token ends. */
    int statusWithoutToken() throws IOException, InterruptedException {
        return kms.statusWithoutToken(port);
    }

    @Override
    public Verdict judge(String token) throws IOException, InterruptedException {
        return kms.tryThrough(port, token);
    }

    private void stop() throws InterruptedException {
        haproxy.destroy();
        if (!haproxy.waitFor(5, TimeUnit.SECONDS)) {
            haproxy.destroyForcibly().waitFor();
        }
    }

    @Override
    public void close() {
        haproxy.destroyForcibly();
        kms.close();
    }
}
