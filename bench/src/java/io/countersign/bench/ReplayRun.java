package io.countersign.bench;

import io.countersign.cases.CaseReader;
import io.countersign.service.ops.RememberedFacts;
import io.countersign.service.ops.SignatureProvider;
import io.countersign.service.wiring.Tees;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.trial.CaseFile;
import io.countersign.trial.Replay;
import io.countersign.trial.ReplayBounds;
import io.countersign.trial.ReplayReport;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.trust.Signatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.stream.Stream;

/**
 * 10,000 recorded cases judged by two policies, beside the signatures that no memory can spare. The cases are made first, by
 * the software vendors; a fresh process then replays them, as the command line does, and once more when it is warm.
 */
public final class ReplayRun {
    static final int CASES = 10_000;
    private static final int REMEMBERED_FACTS = 50_000;
    private static final int VERIFICATIONS = 4_000;

    private ReplayRun() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 2) {
            replay(Path.of(arguments[0]), arguments[1]);
            return;
        }
        Path folder = Files.createTempDirectory("countersign-replay-");
        try {
            for (String mix : List.of("snp", "mixed")) {
                Path cases = Files.createDirectory(folder.resolve(mix));
                new ReplayCases(cases).write(mix.equals("mixed"));
                inFreshProcess(cases, mix);
            }
        } finally {
            remove(folder);
        }
    }

    private static void inFreshProcess(Path cases, String mix) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseParallelGC",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReplayRun.class.getName(),
                        cases.toString(),
                        mix)
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the replay failed");
        }
    }

    private static void replay(Path folder, String mix) throws Exception {
        double p384 = micros("secp384r1", "SHA384withECDSA", 672);
        double p256 = micros("secp256r1", "SHA256withECDSA", 632);
        int processors = Runtime.getRuntime().availableProcessors();
        double floor = mix.equals("snp")
                ? CASES * p384
                : ReplayCases.SNP * p384 + ReplayCases.TDX * 2 * p256 + ReplayCases.GPUS * 9 * p384;
        double floorSeconds = floor / 1e6 / processors;
        System.out.printf(
                "%s: %d cases, %.0f MB; one P-384 signature %.0f us, one P-256 signature %.0f us; all of them on %d cores %.2f s%n",
                mix, CASES, megabytes(folder), p384, p256, processors, floorSeconds);
        for (String state : List.of("cold", "warm")) {
            Schemes schemes = schemes();
            AppraisalPolicy before = policy(schemes, "");
            AppraisalPolicy after = policy(schemes, """
                    rules:
                      - name: image is no older than 1
                        for: sev-snp
                        require: cpu.snp.guest_svn >= 1
                        sets: configuration
                        because: A change to try.
                    """);
            long began = System.nanoTime();
            long cpuBefore = cpuNanos();
            ReplayReport report = Replay.run(
                    CaseFile.in(folder).stream(), new CaseReader(schemes), before, after, ReplayBounds.usual());
            double seconds = (System.nanoTime() - began) / 1e9;
            double cpuSeconds = (cpuNanos() - cpuBefore) / 1e9;
            if (report.judged() != CASES || report.newlyRefused() == 0) {
                throw new IllegalStateException("the cases are not those that were made: " + report.document());
            }
            System.out.printf(
                    "  %s: %.2f s, %.2f times the signatures alone; %.2f s of CPU time; newly refused %d%n",
                    state, seconds, seconds / floorSeconds, cpuSeconds, report.newlyRefused());
        }
    }

    private static long cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(java.time.Duration::toNanos)
                .orElse(0L);
    }

    private static double megabytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum() / 1e6;
        }
    }

    private static double micros(String curve, String algorithm, int length) throws GeneralSecurityException {
        var provider = SignatureProvider.fastest().provider();
        var generator = KeyPairGenerator.getInstance("EC", provider);
        generator.initialize(new ECGenParameterSpec(curve));
        var pair = generator.generateKeyPair();
        byte[] signed = Bytes.zeros(length).toByteArray();
        var signing = Signature.getInstance(algorithm, provider);
        signing.initSign(pair.getPrivate());
        signing.update(signed);
        byte[] signature = signing.sign();
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            long began = System.nanoTime();
            for (int i = 0; i < VERIFICATIONS / 4; i++) {
                var verifying = Signature.getInstance(algorithm, provider);
                verifying.initVerify(pair.getPublic());
                verifying.update(signed);
                if (!verifying.verify(signature)) {
                    throw new IllegalStateException("a signature just made is not good");
                }
            }
            best = Math.min(best, System.nanoTime() - began);
        }
        return best / 1e3 / (VERIFICATIONS / 4);
    }

    static Schemes schemes() {
        return Tees.schemes(
                SoftwareAmds.anchors(),
                Signatures.by(SignatureProvider.fastest().provider()),
                new RememberedFacts(REMEMBERED_FACTS));
    }

    static AppraisalPolicy policy(Schemes schemes, String rules) {
        return BenchPolicies.of(schemes, """
                policy: bench
                version: "1"
                summary: A benchmark.
                extends: [baseline]
                expect: { gpu: { count: { min: 0, max: 8 } } }
                """ + rules);
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
