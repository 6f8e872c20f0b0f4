package io.countersign.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.bench.Connection.Answer;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.VekKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Attestations per second through HTTP: one challenge and one attestation with policy and ES256 token each. Challenges are
 * taken and reports signed before the clock runs, so that the generator costs little; what the service costs is read from
 * its own CPU time. Bounded in count and time, and to this machine.
 */
public final class LoadRun {
    private static final int CONNECTIONS = 16;
    private static final int WARM_UP = 45_000;
    private static final int MEASURED = 20_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final BenchService service;
    private final SoftwareAmd amd;
    private final String crl;

    private LoadRun(BenchService service, SoftwareAmd amd) {
        this.service = service;
        this.amd = amd;
        this.crl = BASE64.encodeToString(amd.crl(VekKind.VCEK).toByteArray());
    }

    public static void main(String[] arguments) throws Exception {
        SoftwareAmd amd = SoftwareAmd.fresh(Product.MILAN, new SecureRandom(), Instant.now());
        if (List.of(arguments).contains("redis")) {
            try (BenchRedis redis = BenchRedis.start();
                    BenchService service = BenchService.start(amd.anchorsPem(), amd.measurement(), redis.settings())) {
                System.out.println("what happens once is kept in a Redis on this machine");
                new LoadRun(service, amd).run();
            }
        } else if (List.of(arguments).contains("audit")) {
            Path log = Files.createTempDirectory("countersign-bench-audit-");
            var settings = Map.of("countersign.audit.to", log.toString());
            try (BenchService service = BenchService.start(amd.anchorsPem(), amd.measurement(), settings)) {
                System.out.println("every decision is written to " + log + " before it leaves");
                new LoadRun(service, amd).run();
            }
        } else {
            try (BenchService service = BenchService.start(amd.anchorsPem(), amd.measurement(), Map.of())) {
                new LoadRun(service, amd).run();
            }
        }
        System.exit(0);
    }

    private void run() throws Exception {
        drive(prepare(WARM_UP), Pace.asFastAsPossible());
        List<byte[]> bodies = prepare(MEASURED);
        Duration cpuBefore = service.cpu();
        Garbage garbageBefore = Garbage.of(service.port());
        Figures full = drive(bodies, Pace.asFastAsPossible());
        double cpuMicros = service.cpu().minus(cpuBefore).toNanos() / 1e3 / MEASURED;
        System.out.printf("attestations with challenge, policy and ES256 token: %d, all 200%n", MEASURED);
        System.out.printf(
                "full load, generator and service on the same %d cores: %.0f per second, p50 %.2f ms, p99 %.2f ms%n",
                Runtime.getRuntime().availableProcessors(), full.perSecond(), full.percentile(50), full.percentile(99));
        System.out.printf(
                "the service's own CPU time: %.0f us per pair, which two cores of its own would serve %.0f times a second%n",
                cpuMicros, 2e6 / cpuMicros);
        Garbage garbage = Garbage.of(service.port()).since(garbageBefore);
        System.out.printf(
                "garbage: %.0f kB per pair; %.0f collections paused for %.0f ms in all, %.1f %% of the run%n",
                garbage.allocated() / 1e3 / MEASURED,
                garbage.pauses(),
                garbage.paused() * 1e3,
                garbage.paused() * 1e11 / full.nanos());
        SignatureFloor floor = SignatureFloor.measure(amd);
        System.out.printf(
                "the signatures of a pair, measured alone: %.0f us to verify P-384, %.0f us to make ES256: %.0f %% of the service's"
                        + " CPU time, a pair costs %.2f times its signatures%n",
                floor.verifyMicros(), floor.signMicros(), 100 * floor.micros() / cpuMicros, cpuMicros / floor.micros());
        double half = full.perSecond() / 2;
        Figures paced = drive(prepare((int) Math.min(MEASURED, half * 10)), Pace.of(half));
        System.out.printf(
                "at half of that load (%.0f per second): p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, p99.9 %.2f ms%n",
                half, paced.percentile(50), paced.percentile(90), paced.percentile(99), paced.percentile(99.9));
    }

    /** Bodies of attestations, each with a challenge of its own and a report signed over it. */
    private List<byte[]> prepare(int count) throws Exception {
        return inParallel(count, (connection, _) -> {
            byte[] nonce = Base64.getUrlDecoder()
                    .decode(challenge(connection).path("nonce").textValue());
            var binding = new Binding(BindingMethod.COUNTERSIGN_V1, Bytes.copyOf(nonce), Bytes.empty());
            Bytes report = amd.report(draft ->
                    draft.reportData(binding.expectedReportData(List.of()).orElseThrow()));
            var body = JSON.createObjectNode();
            body.put("audience", BenchService.AUDIENCE);
            body.put("nonce", BASE64.encodeToString(nonce));
            var cpu = body.putObject("evidence").putObject("cpu0");
            cpu.put("type", "sev-snp");
            cpu.put("report", BASE64.encodeToString(report.toByteArray()));
            cpu.put("certificates", BASE64.encodeToString(amd.vcek().toByteArray()));
            body.putObject("endorsements").putObject("amd").put("crl", crl);
            return JSON.writeValueAsBytes(body);
        });
    }

    private Figures drive(List<byte[]> bodies, Pace pace) throws Exception {
        long start = System.nanoTime();
        List<Long> took = inParallel(bodies.size(), (connection, index) -> {
            long due = pace.awaitTurn(start, index);
            challenge(connection);
            Answer answer = connection.post("/v1/attestations", bodies.get(index));
            if (answer.status() != 200) {
                throw new IllegalStateException(answer.status() + " " + answer.text());
            }
            return System.nanoTime() - due;
        });
        return new Figures(System.nanoTime() - start, took.stream().sorted().toList());
    }

    private static JsonNode challenge(Connection connection) throws IOException {
        return JSON.readTree(connection.post("/v1/challenges", new byte[0]).text());
    }

    private interface Work<T> {
        T at(Connection connection, int index) throws Exception;
    }

    private <T> List<T> inParallel(int count, Work<T> work) throws Exception {
        var next = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            Callable<List<T>> share = () -> {
                var done = new ArrayList<T>();
                try (var connection = new Connection(service.port())) {
                    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                        done.add(work.at(connection, i));
                    }
                }
                return done;
            };
            var all = new ArrayList<T>();
            for (var future : threads.invokeAll(java.util.Collections.nCopies(CONNECTIONS, share))) {
                all.addAll(future.get());
            }
            return all;
        }
    }

    /** When each request is due: at once, or at a steady rate, late ones counted from when they should have begun. */
    private record Pace(double perSecond) {
        static Pace asFastAsPossible() {
            return new Pace(0);
        }

        static Pace of(double perSecond) {
            return new Pace(perSecond);
        }

        long awaitTurn(long start, int index) throws InterruptedException {
            if (perSecond == 0) {
                return System.nanoTime();
            }
            long due = start + (long) (index * 1e9 / perSecond);
            long left = due - System.nanoTime();
            if (left > 0) {
                Thread.sleep(Duration.ofNanos(left));
            }
            return due;
        }
    }

    private record Figures(long nanos, List<Long> sorted) {
        double perSecond() {
            return sorted.size() * 1e9 / nanos;
        }

        double percentile(double p) {
            int index = (int) Math.min(sorted.size() - 1L, Math.round(p / 100 * sorted.size()));
            return sorted.get(index) / 1e6;
        }
    }
}
