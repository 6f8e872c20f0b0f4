package io.countersign.bench;

import io.countersign.bench.SoakGood.Role;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The packaged service for many minutes under good and hostile callers together, on this machine only and bounded in time.
 * Ends with 1 when there was any 5xx, a good request refused, a hostile one accepted, a line of the audit lost, or when what
 * the service holds on to grew; see {@link SoakSamples} for what that means.
 *
 * <p>Words: a number of minutes (20), {@code redis} for a shared store, {@code audit} for an audit in a folder.
 */
public final class SoakRun {
    private static final Duration SAMPLE_EVERY = Duration.ofSeconds(10);
    /** Little, so that what grows is seen soon. */
    private static final List<String> HEAP = List.of("-Xmx512m");

    private static final int MOST_MINUTES = 24 * 60;

    private SoakRun() {}

    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        int minutes = words.stream()
                .filter(word -> word.matches("[0-9]{1,4}"))
                .mapToInt(Integer::parseInt)
                .filter(each -> each > 0 && each <= MOST_MINUTES)
                .findFirst()
                .orElse(20);
        var settings = new TreeMap<>(Map.of(
                "countersign.callers.bench.secret-sha256",
                Bytes.utf8(SoakClient.SECRET).sha256().toString(),
                "countersign.callers.bench.audiences",
                "bench"));
        Path audit = Files.createTempDirectory("countersign-soak-audit-");
        if (words.contains("audit")) {
            settings.put("countersign.audit.to", audit.toString());
        }
        boolean good;
        if (words.contains("redis")) {
            try (BenchRedis redis = BenchRedis.start()) {
                settings.putAll(redis.settings());
                good = run(Duration.ofMinutes(minutes), settings, audit);
            }
        } else {
            good = run(Duration.ofMinutes(minutes), settings, audit);
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean run(Duration time, Map<String, String> settings, Path audit) throws Exception {
        var material = new SoakMaterial(new SecureRandom());
        var tally = new SoakTally();
        try (BenchService service = BenchService.start(material.anchorsPem(), material.policies(), settings, HEAP)) {
            var samples = new SoakSamples(service);
            var roles = new ArrayList<>(new SoakGood(material, tally).roles());
            roles.addAll(new SoakHostile(material, tally).roles());
            long end = System.nanoTime() + time.toNanos();
            Duration cpuBefore = service.cpu();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var playing = new ArrayList<Future<Void>>();
                for (Role role : roles) {
                    Callable<Void> part = () -> play(role, service, tally, end);
                    playing.add(threads.submit(part));
                }
                while (System.nanoTime() - end < 0) {
                    Thread.sleep(SAMPLE_EVERY);
                    if (!service.alive()) {
                        tally.wrong(
                                "the service", "it ended: " + service.folder().resolve("service.log"));
                        break;
                    }
                    samples.take();
                }
                for (Future<Void> part : playing) {
                    part.get();
                }
            }
            System.out.printf(
                    "%d minutes, %,d answers, %.0f %% of one core for the service%n",
                    time.toMinutes(),
                    tally.answers(),
                    100.0 * service.cpu().minus(cpuBefore).toNanos() / time.toNanos());
            tally.print();
            boolean flat = samples.flat();
            boolean quiet = quiet(service.folder().resolve("service.log"));
            boolean audited = audited(settings, audit, tally);
            return flat && quiet && audited && tally.wrongs() == 0;
        }
    }

    private static Void play(Role role, BenchService service, SoakTally tally, long end) throws Exception {
        long interval = (long) (1e9 / role.perSecond());
        try (var client = new SoakClient(service.port())) {
            for (long due = System.nanoTime();
                    due - end < 0;
                    due = Math.max(due + interval, System.nanoTime() - interval)) {
                long left = due - System.nanoTime();
                if (left > 0) {
                    Thread.sleep(Duration.ofNanos(left));
                }
                try {
                    role.round().run(client);
                } catch (IOException | RuntimeException e) {
                    tally.wrong(role.name(), "no answer: " + e);
                    if (!service.alive()) {
                        return null;
                    }
                    client.again();
                }
            }
        }
        return null;
    }

    /** What the service itself takes for its own mistake it logs as ERROR. */
    private static boolean quiet(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> errors =
                    lines.filter(line -> line.contains(" ERROR ")).limit(5).toList();
            errors.forEach(error -> System.out.println("WRONG in the service's log: " + error));
            return errors.isEmpty();
        }
    }

    /** One line for each decision; a request that was cut off may have left one too, so there may be more. */
    private static boolean audited(Map<String, String> settings, Path audit, SoakTally tally) throws IOException {
        if (!settings.containsKey("countersign.audit.to")) {
            return true;
        }
        long lines = 0;
        try (Stream<Path> files = Files.walk(audit)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
                try (Stream<String> each = Files.lines(file)) {
                    lines += each.count();
                }
            }
        }
        System.out.printf("audit: %,d lines for %,d decisions%n", lines, tally.decisions());
        return lines >= tally.decisions();
    }
}
