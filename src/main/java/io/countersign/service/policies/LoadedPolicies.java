package io.countersign.service.policies;

import io.countersign.cases.CaseSource;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyIssue;
import io.countersign.verifier.policy.PolicyParser;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The shipped policies and those of a folder, which is read again and again. What changes takes effect for requests that
 * begin afterwards: those under way keep the policy that they began with.
 */
public final class LoadedPolicies implements PolicyLibrary {
    private static final Logger LOG = Logger.getLogger(LoadedPolicies.class);

    private final Map<String, String> shipped = ShippedPolicies.texts();
    private final @Nullable Watched watched;
    private final PolicyAcceptance acceptance;
    private final PolicyCompiler compiler;
    private final InstantSource clock;
    private final PolicyObserver observer;
    private final Findings findings;
    private final NewlySaid saidFindings = new NewlySaid();

    private volatile PolicyView view = PolicyView.of(PolicyBook.empty());
    private volatile FolderState folderState = new FolderState(Optional.empty(), Optional.empty());

    /** The folder, and what counts of it. */
    private record Watched(PolicyFolder folder, Settling settling, Intake intake) {}

    /**
     * What the policies are made of.
     *
     * @param folder none: the shipped ones alone
     * @param signers with them, nothing unsigned of the folder is loaded
     * @param cases the cases that a policy's tests may name, by the place of the policy's file
     */
    public record Sources(Optional<Path> folder, Optional<PolicySigners> signers, Function<Path, CaseSource> cases) {}

    /** Loads everything once; a folder that cannot be read stops the start. */
    public LoadedPolicies(PolicyParser parser, Sources sources, InstantSource clock, PolicyObserver observer) {
        this.clock = clock;
        this.observer = observer;
        this.findings = new Findings(clock);
        Path root = sources.folder().orElse(Path.of(""));
        this.acceptance = new PolicyAcceptance(file -> sources.cases().apply(root.resolve(file)));
        this.compiler = new PolicyCompiler(parser, acceptance);
        var intake = new Intake(sources.signers());
        if (sources.folder().isEmpty()) {
            this.watched = null;
            apply(Map.of(), Map.of());
            return;
        }
        var folder = new PolicyFolder(
                root,
                sources.signers().isPresent() ? PolicyFolder.Signatures.READ : PolicyFolder.Signatures.LEFT_ALONE);
        switch (folder.read()) {
            case FolderReading.Unreadable(String why) ->
                throw new IllegalArgumentException(
                        "countersign.policies-dir: the folder %s cannot be read: %s".formatted(root, why));
            case FolderReading.Snapshot snapshot -> {
                this.watched = new Watched(folder, new Settling(snapshot), intake);
                folderState = new FolderState(Optional.of(clock.instant()), Optional.empty());
                apply(intake.of(snapshot), snapshot.cases());
            }
        }
    }

    /** Reads the folder again, and takes over what has come to rest in it. */
    public synchronized void poll() {
        Watched folder = watched;
        if (folder != null) {
            FolderReading read = folder.folder().read();
            if (read instanceof FolderReading.Snapshot) {
                folderState = new FolderState(Optional.of(clock.instant()), folderState.trouble());
            }
            folder.settling().next(read).ifPresent(reading -> take(folder, reading));
        }
        sayFindings();
    }

    private void take(Watched folder, FolderReading reading) {
        switch (reading) {
            case FolderReading.Unreadable(String why) -> {
                LOG.errorf("the policy folder cannot be read: %s; everything that is loaded stays", why);
                folderState = new FolderState(
                        folderState.read(),
                        Optional.of("the folder cannot be read: %s; what is loaded stays".formatted(why)));
                observer.unreadable();
            }
            case FolderReading.Snapshot snapshot -> {
                if (folderState.trouble().isPresent()) {
                    LOG.info("the policy folder can be read again");
                    folderState = new FolderState(folderState.read(), Optional.empty());
                }
                takeOver(folder.intake().of(snapshot), snapshot.cases());
            }
        }
    }

    /** Our own bug must not take away what is loaded, nor pass unnoticed. */
    private void takeOver(Map<String, Candidate> own, Map<String, String> caseMarks) {
        try {
            apply(own, caseMarks);
        } catch (RuntimeException e) {
            LOG.error("the policy files as they are now could not be judged; everything that is loaded stays", e);
            folderState = new FolderState(
                    folderState.read(),
                    Optional.of("the files as they are now could not be judged: an error of this program, which its log"
                            + " describes; what is loaded stays"));
            observer.unreadable();
        }
    }

    private void apply(Map<String, Candidate> own, Map<String, String> caseMarks) {
        PolicyBook before = view.book();
        acceptance.begin(caseMarks);
        PolicyBook after = NextBook.of(compiler, shipped, own, before, clock.instant());
        var next = PolicyView.of(after);
        view = next;
        List<PolicyChange> changes = PolicyChange.between(before, after);
        changes.forEach(LoadedPolicies::log);
        if (!changes.isEmpty()) {
            observer.changed(changes, next.entries());
        }
    }

    private static void log(PolicyChange change) {
        switch (change) {
            case PolicyChange.Refused refused -> LOG.error(refused.said());
            case PolicyChange.Gone gone -> LOG.warn(gone.said());
            case PolicyChange.Taken taken
            when taken.insteadOfShipped() || !taken.warnings().isEmpty() -> LOG.warn(taken.said());
            // A shipped policy that has its place back is another policy than the owner's.
            case PolicyChange.Taken taken
            when ShippedPolicies.isOne(taken.file()) && taken.before().isPresent() -> LOG.warn(taken.said());
            case PolicyChange.Taken taken -> LOG.info(taken.said());
            case PolicyChange.Mended mended -> LOG.info(mended.said());
        }
    }

    /** Reference values expire without any file changing. */
    private void sayFindings() {
        saidFindings
                .of(view.entries().stream()
                        .flatMap(entry -> entry.active().stream())
                        .flatMap(policy -> findings.of(policy).stream().map(issue -> "policy %s: %s"
                                .formatted(policy.identity().id(), issue.rendered())))
                        .toList())
                .forEach(LOG::warn);
    }

    @Override
    public Optional<AppraisalPolicy> find(String id) {
        return Optional.ofNullable(view.policies().get(id));
    }

    @Override
    public List<Entry> entries() {
        return view.entries();
    }

    @Override
    public FolderState folder() {
        return folderState;
    }

    @Override
    public List<PolicyIssue> issues(Entry entry) {
        return Stream.of(
                        entry.warnings(),
                        entry.active().map(findings::of).orElse(List.of()),
                        entry.refused().map(Refusal::issues).orElse(List.of()))
                .flatMap(List::stream)
                .distinct()
                .toList();
    }
}
