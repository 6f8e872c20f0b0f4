package io.countersign.proof;

import io.countersign.insecure.DemoAttester;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Replicas with one Redis, one secret and one set of signing keys behind HAProxy, and a machine that they believe. */
record Replicas(Attesting machine, RedisProcess redis, List<PackagedService> services, Balancer balancer)
        implements AutoCloseable {
    /** With which the key service shows who it is. */
    static final String SECRET = "a-secret-of-the-key-service-which-is-long-enough";

    /** Starts that many, side by side. */
    static Replicas start(int count, Map<String, String> settings) throws Exception {
        var opened = new ArrayList<AutoCloseable>();
        try {
            RedisProcess redis = RedisProcess.start();
            opened.add(redis);
            Path shared = Files.createTempDirectory("countersign-proof-");
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            DemoAttester amd = DemoAttester.start(new SecureRandom(), Instant.now());
            var all = new TreeMap<>(Map.of(
                    "countersign.redis-url", redis.url(),
                    "countersign.challenge.secret-file",
                            Files.write(shared.resolve("challenge.secret"), secret)
                                    .toString(),
                    "countersign.data-dir", shared.resolve("data").toString(),
                    "countersign.issuer", "https://countersign.example",
                    "countersign.callers.kms.secret-sha256",
                            Bytes.utf8(SECRET).sha256().toString(),
                    "countersign.callers.kms.audiences", "kms"));
            all.putAll(settings);
            List<PackagedService> services = started(count, amd, all);
            opened.addAll(services);
            return new Replicas(new Attesting(amd), redis, services, Balancer.before(services));
        } catch (Exception e) {
            for (AutoCloseable each : opened) {
                each.close();
            }
            throw e;
        }
    }

    private static List<PackagedService> started(int count, DemoAttester amd, Map<String, String> settings)
            throws Exception {
        var services = new ArrayList<PackagedService>();
        // The first makes the signing key that all have.
        services.add(PackagedService.start(amd, settings));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var others = new ArrayList<Callable<PackagedService>>();
            for (int i = 1; i < count; i++) {
                others.add(() -> PackagedService.start(amd, settings));
            }
            for (Future<PackagedService> other : threads.invokeAll(others)) {
                services.add(other.get());
            }
        }
        return List.copyOf(services);
    }

    @Override
    public void close() throws IOException {
        balancer.close();
        services.forEach(PackagedService::close);
        redis.close();
    }
}
