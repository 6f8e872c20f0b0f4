package io.countersign.insecure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** {@code ./countersign play-machine}: a {@link DiskMachine} until Ctrl-C, and how to try a boot client on it. */
public final class PlayMachine {
    private static final int USAGE = 64;
    private static final String HOW = """
            Usage: ./countersign play-machine FOLDER [--tdx] [--debug] [--devtools]

              FOLDER      where the machine is played; made if absent
              --tdx       a TD instead of a SEV-SNP guest
              --debug     the SEV-SNP guest's host may debug it
              --devtools  the host left gpu3 in the mode for developer tools
            """;

    private PlayMachine() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        Set<String> options = new HashSet<>(List.of(arguments));
        List<String> folders =
                options.stream().filter(each -> !each.startsWith("--")).toList();
        if (folders.size() != 1
                || !Set.of("--tdx", "--debug", "--devtools", folders.getFirst()).containsAll(options)) {
            System.err.print(HOW);
            System.exit(USAGE);
        }
        try {
            play(Path.of(folders.getFirst()).toAbsolutePath(), options);
        } catch (IOException e) {
            System.err.println("The machine cannot be played: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void play(Path folder, Set<String> options) throws IOException, InterruptedException {
        var makers = DiskMachine.Makers.start(new SecureRandom(), Instant.now());
        var cpu = options.contains("--tdx")
                ? DiskMachine.Cpu.TDX
                : options.contains("--debug") ? DiskMachine.Cpu.SEV_SNP_WITH_DEBUG : DiskMachine.Cpu.SEV_SNP;
        var gpus = options.contains("--devtools") ? DemoGpus.Setup.ONE_IN_DEVTOOLS : DemoGpus.Setup.CONFIDENTIAL;
        try (DiskMachine machine = DiskMachine.start(folder, makers, cpu, gpus)) {
            Path policies = Files.createDirectories(folder.resolve("policies"));
            for (var policy : makers.policies().entrySet()) {
                Files.writeString(policies.resolve(policy.getKey() + ".yaml"), policy.getValue());
            }
            Path anchors = Files.writeString(folder.resolve("anchors.pem"), makers.anchorsPem());
            System.out.print("""
                    A machine is played in %1$s until you press Ctrl-C. It proves nothing. A service that believes it:

                    ./countersign serve -Dcountersign.insecure.enabled=true -Dcountersign.insecure.anchors=%2$s \\
                        -Dcountersign.collateral.offline=true -Dcountersign.policies-dir=%3$s \\
                        -Dcountersign.audiences.demo.uri=https://kms.example -Dcountersign.audiences.demo.policies=demo,demo-gpus

                    And a boot client on it, without its GPUs and with them:

                    clients/shell/countersign-attest attest --service http://localhost:8080 --insecure-http \\
                        --audience https://kms.example --tsm %4$s --endorsements %5$s \\
                        --key %1$s/key.pem --token %1$s/token
                    … --policy demo-gpus --gpus %6$s
                    """.formatted(
                            folder, anchors, policies, machine.tsm(), machine.endorsements(), machine.collector()));
            new CountDownLatch(1).await();
        }
    }
}
