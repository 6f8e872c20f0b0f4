package io.countersign.cli;

import io.countersign.cases.CaseReader;
import io.countersign.service.collateral.IntelPcsConfig;
import io.countersign.trial.CaseFile;
import io.countersign.trial.Forecast.Standing;
import io.countersign.trial.Outlook;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyReading;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code early-warning}: who will be refused one day, and why. */
@Command(
        name = "early-warning",
        mixinStandardHelpOptions = true,
        description = {
            "Says which platforms will be refused once what Intel has published counts, and why.",
            "Judges recorded cases that were accepted again, each platform as it was seen last, with the TCB info and QE identity of Intel's early channel in the place of those that were in hand. Ends with 1 when a platform will be refused, when something it rests on ends within 7 days, or when anything is unknown."
        })
final class EarlyWarningCommand implements Callable<Integer> {
    private static final String FIXTURE = "fixture:";

    @Parameters(
            arity = "1..*",
            paramLabel = "<cases>",
            description = "Recorded cases: files, folders of them, or fixture:<folder>/<name>.")
    private List<String> cases = List.of();

    @Option(
            names = "--policies",
            paramLabel = "<folder>",
            description = "The policies that the cases name, beside the shipped ones.")
    private @Nullable String folder;

    @Option(
            names = "--policy",
            paramLabel = "<policy>",
            description = "Judge every case by this one: an id, or a file.")
    private @Nullable String policy;

    @Option(
            names = "--coming-policy",
            paramLabel = "<policy>",
            description =
                    "The policy that is to follow: an id, or a file. For what no vendor announces, such as AMD's coming floors.")
    private @Nullable String follower;

    @Option(names = "--at", paramLabel = "<time>", description = "Judge as of then; now unless given.")
    private @Nullable Instant at;

    @Option(
            names = "--intel-collateral",
            arity = "1",
            paramLabel = "<file>",
            description =
                    "TCB info or a QE identity of the early channel as Intel answered it, or a folder of such files. Then nothing is fetched, unless --pcs-url says from where.")
    private List<Path> files = List.of();

    @Option(
            names = "--pcs-url",
            arity = "1",
            paramLabel = "<address>",
            description = "Intel's service or a PCCS; several are asked in this order.")
    private List<URI> addresses = List.of();

    @Option(names = "--identifiers", description = "Print the machines' own identifiers (PPID, CHIP_ID) too.")
    private boolean identifiers;

    @Option(names = "--json", description = "The same as JSON.")
    private boolean json;

    @Mixin
    private Anchors anchors = new Anchors();

    @Override
    public Integer call() throws CommandException {
        Court court = anchors.court();
        var workspace = new Workspace(court);
        Map<String, AppraisalPolicy> known = new HashMap<>();
        if (folder != null) {
            for (Workspace.Member member : workspace.members(List.of(folder))) {
                if (member.reading() instanceof PolicyReading.Accepted accepted) {
                    known.put(accepted.policy().identity().id(), accepted.policy());
                }
            }
        }
        FleetOutlook.Policies policies = id -> {
            AppraisalPolicy found = known.get(id);
            if (found == null) {
                found = Workspace.usable(workspace.policy(id));
                known.put(id, found);
            }
            return found;
        };
        Instant when = at == null ? Instant.now() : at;
        List<URI> asked = addresses.isEmpty() && files.isEmpty() ? List.of(IntelPcsConfig.INTEL_PCS) : addresses;
        try (ComingCollateral coming = ComingCollateral.of(court, when, files, asked)) {
            var fleet = new FleetOutlook(
                    new CaseReader(court.schemes()),
                    policies,
                    Optional.ofNullable(policy),
                    follower == null ? Optional.empty() : Optional.of(policies.find(follower)),
                    coming,
                    when);
            for (String place : cases) {
                add(place, workspace, fleet);
            }
            var text =
                    new FleetText(fleet, coming, when, identifiers ? FleetText.Names.SHOWN : FleetText.Names.LEFT_OUT);
            var terminal = Terminal.of(System.out);
            if (json) {
                terminal.json(text.document());
            } else {
                text.print(terminal);
            }
            return ending(fleet, coming);
        }
    }

    private static void add(String place, Workspace workspace, FleetOutlook fleet) throws CommandException {
        if (place.startsWith(FIXTURE)) {
            fleet.add(workspace.stored(place));
            return;
        }
        Path path = FileTrouble.path(place);
        if (!Files.isDirectory(path)) {
            if (!Files.exists(path)) {
                throw new CommandException("%s cannot be read: it is not there".formatted(path));
            }
            fleet.add(CaseFile.of(path));
            return;
        }
        try {
            CaseFile.in(path).forEach(fleet::add);
        } catch (IOException e) {
            throw FileTrouble.reading(path, e);
        }
    }

    /** What could not be read, or is unknown, is no good news. */
    private static int ending(FleetOutlook fleet, ComingCollateral coming) {
        boolean soon = fleet.rows().stream()
                .flatMap(row -> row.forecast().ending().stream())
                .anyMatch(ending -> ending.within().compareTo(Outlook.AHEAD.getFirst()) <= 0);
        boolean fine = !fleet.rows().isEmpty()
                && fleet.rows(Standing.REFUSED).isEmpty()
                && fleet.rows(Standing.UNDETERMINED).isEmpty()
                && fleet.unreadable().isEmpty()
                && coming.unused().isEmpty()
                && !soon;
        return fine ? Main.FINE : Main.FOUND;
    }
}
