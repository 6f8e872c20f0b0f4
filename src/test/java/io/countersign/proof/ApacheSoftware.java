package io.countersign.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Apache with mod_oauth2 before a key service that hands its key to whoever gets through. */
final class ApacheSoftware implements RelyingSoftware {
    private static final Path EXAMPLE = Path.of("examples", "apache", "countersign.conf");
    private static final Path MODULES = Path.of("/usr/lib/apache2/modules");
    /** As the module's own sample has it. */
    private static final String OF_THE_SAMPLE = """
            <Location "/">
                AuthType oauth2
                OAuth2TokenVerify jwks_uri ${COUNTERSIGN_KEY_SET}
                Require valid-user
                ProxyPass "http://${KMS_ADDRESS}/"
            </Location>
            """;

    private final KeyService kms = new KeyService();
    private final Process apache;
    private final int port;

    ApacheSoftware(Setup setup, Terms terms) throws IOException, InterruptedException {
        Programs.assumeInstalled("apache2");
        Assumptions.assumeTrue(
                Files.exists(MODULES.resolve("mod_oauth2.so")),
                "mod_oauth2 is not installed; its proof is left out here");
        Path folder = Files.createTempDirectory("countersign-apache-");
        port = PackagedService.freePort();
        var server = new StringBuilder("""
                ServerRoot "%s"
                ServerName localhost
                Listen 127.0.0.1:%d
                PidFile "%s/apache.pid"
                ErrorLog "%s/error.log"
                Mutex posixsem
                """.formatted(folder, port, folder, folder));
        for (String module :
                List.of("mpm_event", "authn_core", "authz_core", "authz_user", "proxy", "proxy_http", "oauth2")) {
            server.append("LoadModule %s_module %s/mod_%s.so\n".formatted(module, MODULES, module));
        }
        server.append(setup == Setup.LEAST ? OF_THE_SAMPLE : Files.readString(EXAMPLE));
        Path configuration = Files.writeString(folder.resolve("apache.conf"), server.toString());
        var builder = new ProcessBuilder("apache2", "-D", "FOREGROUND", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("apache.log").toFile());
        var environment = new TreeMap<>(Map.of(
                "COUNTERSIGN_KEY_SET", terms.publisher().keySet().toString(),
                "COUNTERSIGN_ISSUER", terms.publisher().issuer(),
                "COUNTERSIGN_AUDIENCE", terms.audience(),
                "COUNTERSIGN_POLICY", terms.policy(),
                "KMS_ADDRESS", kms.address()));
        environment.put("PATH", System.getenv("PATH") + ":/usr/sbin");
        builder.environment().putAll(environment);
        apache = builder.start();
        KeyService.awaitGate(apache, port, folder.resolve("apache.log").toString());
    }

    @Override
    public Verdict judge(String token) throws IOException, InterruptedException {
        return kms.tryThrough(port, token);
    }

    @Override
    public void close() {
        apache.destroy();
        try {
            if (!apache.waitFor(10, TimeUnit.SECONDS)) {
                apache.destroyForcibly();
            }
        } catch (InterruptedException _) {
            apache.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        kms.close();
    }
}
