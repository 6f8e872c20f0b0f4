package io.countersign.client.command;

import io.countersign.client.AttestationOutcome;
import io.countersign.client.AttestationOutcome.Attested;
import io.countersign.client.AttestationOutcome.Misconfigured;
import io.countersign.client.AttestationOutcome.Refused;
import io.countersign.client.AttestationOutcome.Unavailable;
import io.countersign.client.AttestedKey;
import io.countersign.client.SecretFile;
import io.countersign.client.command.Options.UsageException;
import io.countersign.client.machine.Attester;
import io.countersign.client.machine.ConfigfsTsm;
import io.countersign.client.machine.Device;
import io.countersign.client.machine.LinuxMachine;
import io.countersign.client.machine.NvidiaCollector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code attest}. */
final class AttestCommand {
    private static final Set<String> VALUED = Set.of(
            "service",
            "audience",
            "policy",
            "policy-digest",
            "key-file",
            "token-file",
            "gpu-collector",
            "switch-collector",
            "configfs",
            "event-log",
            "patience",
            "ca-file",
            "timeout");
    private static final Set<String> SWITCHES = Set.of("gpus", "switches", "insecure-http");
    /** A report may wait for a quoting service on the host, and eight GPUs answer one after the other. */
    private static final Duration EVIDENCE_TIME = Duration.ofSeconds(60);

    private final Main main;

    AttestCommand(Main main) {
        this.main = main;
    }

    Exit run(List<String> words) throws UsageException, IOException {
        Options options = Options.read(words, VALUED, SWITCHES, main.environment());
        var address = Main.address(options, "service");
        String audience = options.demand("audience");
        Optional<String> keyFile = options.find("key-file");
        Optional<AttestedKey> key =
                keyFile.isPresent() ? Optional.of(AttestedKey.inFile(Path.of(keyFile.get()))) : Optional.empty();
        var errand = new Attester.Errand(
                audience,
                options.find("policy"),
                options.find("policy-digest"),
                key,
                options.seconds("patience", Duration.ofMinutes(2)));
        Optional<Path> tokenFile = options.find("token-file").map(Path::of);
        if (tokenFile.isPresent()) {
            SecretFile.demandPlace(tokenFile.get());
        }
        var outcome = new Attester(address, Main.http(options), machine(options), errand).attest();
        return end(outcome, tokenFile);
    }

    private static LinuxMachine machine(Options options) {
        var collectors = new ArrayList<NvidiaCollector>();
        collector(options, Device.Kind.GPU, "gpus", "gpu-collector").ifPresent(collectors::add);
        collector(options, Device.Kind.SWITCH, "switches", "switch-collector").ifPresent(collectors::add);
        Path configfs = options.find("configfs").map(Path::of).orElse(ConfigfsTsm.USUAL_PLACE);
        Optional<Path> eventLog = Optional.of(options.find("event-log").orElse(LinuxMachine.CCEL.toString()))
                .filter(place -> !place.equals("none"))
                .map(Path::of);
        return new LinuxMachine(new ConfigfsTsm(configfs, EVIDENCE_TIME), collectors, eventLog);
    }

    /** Naming a collector asks for its devices, too. */
    private static Optional<NvidiaCollector> collector(
            Options options, Device.Kind kind, String asked, String command) {
        Optional<String> named = options.find(command);
        if (named.isEmpty()) {
            return options.has(asked) ? Optional.of(NvidiaCollector.nvattest(kind, EVIDENCE_TIME)) : Optional.empty();
        }
        List<String> words =
                Pattern.compile(" +").splitAsStream(named.get().strip()).toList();
        return Optional.of(new NvidiaCollector(kind, words, EVIDENCE_TIME));
    }

    private Exit end(AttestationOutcome outcome, Optional<Path> tokenFile) throws IOException {
        if (outcome instanceof Attested attested) {
            if (tokenFile.isPresent()) {
                SecretFile.write(tokenFile.get(), attested.token().getBytes(StandardCharsets.US_ASCII));
                main.say("attested; the token in " + tokenFile.get() + " counts until " + attested.expiresAt());
            } else {
                main.out().println(attested.token());
            }
            return Exit.DONE;
        }
        if (outcome instanceof Refused refused) {
            main.say("refused: " + refused.problem().explained());
            return switch (refused.ground()) {
                case POLICY -> Exit.REFUSED;
                case EVIDENCE -> Exit.BAD_EVIDENCE;
            };
        }
        if (outcome instanceof Unavailable unavailable) {
            main.say(unavailable.why(), unavailable.hint());
            return Causes.exit(unavailable.cause());
        }
        var misconfigured = (Misconfigured) outcome;
        main.say(misconfigured.what(), misconfigured.hint());
        return Exit.CONFIGURATION;
    }
}
