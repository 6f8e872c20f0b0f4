package io.countersign.verifier.policy;

import io.countersign.verifier.policy.PolicyParser.Library;
import io.countersign.verifier.policy.PolicyParser.Read;
import io.countersign.verifier.policy.PolicyReading.Accepted;
import io.countersign.verifier.policy.PolicyReading.AcceptedValues;
import io.countersign.verifier.policy.PolicyReading.Refused;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Puts files together that draw in one another: each after what it draws in, whatever the order of the folder. */
final class FolderReader {
    private final PolicyParser parser;
    private final Library lastGood;
    private final PolicyParser.Acceptance acceptance;

    private final Map<String, Read> pending = new LinkedHashMap<>();
    private final Map<String, PolicyReading> done = new HashMap<>();
    private final Map<String, AppraisalPolicy> policies = new HashMap<>();
    private final Map<String, ValuesFile> values = new HashMap<>();
    private final Map<String, String> refused = new HashMap<>();
    private final Set<String> declared = new HashSet<>();
    /** By id of what is accepted with a last good version somewhere below it, the file that was refused. */
    private final Map<String, String> outdated = new HashMap<>();

    FolderReader(PolicyParser parser, Library lastGood, PolicyParser.Acceptance acceptance) {
        this.parser = parser;
        this.lastGood = lastGood;
        this.acceptance = acceptance;
    }

    Map<String, PolicyReading> conclude(Map<String, Read> reads) {
        pending.putAll(reads);
        refuseSharedIds();
        reads.values().forEach(read -> ids(read).forEach(declared::add));
        refuseCircles();
        while (!pending.isEmpty()) {
            List<Read> ready = pending.values().stream().filter(this::ready).toList();
            // Circles are gone, so something is ready; were it not so, the files would be refused instead of waiting.
            (ready.isEmpty() ? List.copyOf(pending.values()) : ready).forEach(this::conclude);
        }
        var inOrder = new LinkedHashMap<String, PolicyReading>();
        reads.keySet().forEach(file -> {
            PolicyReading reading = done.get(file);
            if (reading != null) {
                inOrder.put(file, reading);
            }
        });
        return inOrder;
    }

    private void conclude(Read read) {
        boolean changed = changed(read);
        if (changed) {
            refuseOutdated(read);
        }
        var shelf = new Shelf(new Library(policies, values), refused, changed ? Library.empty() : lastGood, declared);
        enter(read, afterObjections(read, parser.conclude(read, shelf)));
    }

    /**
     * Whether this text is another one than that which is in use. Then it was perhaps written for the newest text of what
     * it draws in, and with an older one it would be something that nobody wrote: a rule that moved from the one to the
     * other would be in neither.
     */
    private boolean changed(Read read) {
        return PolicyParser.declaredId(read)
                .map(lastGood.policies()::get)
                .filter(earlier -> !earlier.source().equals(read.source()))
                .isPresent();
    }

    private void refuseOutdated(Read read) {
        read.content().map(FileContent::drawnIn).orElse(List.of()).stream()
                .filter(node -> outdated.containsKey(node.getValue()))
                .forEach(node -> read.issues()
                        .error(
                                node,
                                "a file that the policy \"" + node.getValue()
                                        + "\" draws in was refused, and with it this one",
                                "correct " + outdated.get(node.getValue())));
    }

    private PolicyReading afterObjections(Read read, PolicyReading reading) {
        if (!(reading instanceof Accepted(AppraisalPolicy policy, var _))) {
            return reading;
        }
        read.issues().addAll(acceptance.objections(read.file(), policy));
        return read.issues().anyError()
                ? new Refused(read.issues().all())
                : new Accepted(policy, read.issues().all());
    }

    private void enter(Read read, PolicyReading reading) {
        pending.remove(read.file());
        done.put(read.file(), reading);
        switch (reading) {
            case Accepted accepted -> {
                String id = accepted.policy().identity().id();
                policies.put(id, accepted.policy());
                drawnIn(read).stream()
                        .flatMap(each -> Stream.of(refused, outdated)
                                .flatMap(files -> Optional.ofNullable(files.get(each)).stream()))
                        .findFirst()
                        .ifPresent(file -> outdated.put(id, file));
            }
            case AcceptedValues accepted ->
                values.put(accepted.values().identity().id(), accepted.values());
            case Refused _ -> ids(read).forEach(id -> refused.put(id, read.file()));
        }
    }

    /** The id that a file declares; where it cannot be read any more, that which it had. */
    private List<String> ids(Read read) {
        Optional<String> id = PolicyParser.declaredId(read);
        if (id.isPresent() || read.content().isPresent()) {
            return id.stream().toList();
        }
        var earlier = new ArrayList<String>();
        lastGood.policies().values().stream()
                .filter(policy -> policy.file().equals(read.file()))
                .forEach(policy -> earlier.add(policy.identity().id()));
        lastGood.values().values().stream()
                .filter(file -> file.file().equals(read.file()))
                .forEach(file -> earlier.add(file.identity().id()));
        return earlier;
    }

    /** Nothing it draws in is still to be read. */
    private boolean ready(Read read) {
        List<String> wanted = drawnIn(read);
        return pending.values().stream()
                .filter(other -> !other.file().equals(read.file()))
                .flatMap(other -> ids(other).stream())
                .noneMatch(wanted::contains);
    }

    private static List<String> drawnIn(Read read) {
        return read.content().map(FileContent::drawnIn).orElse(List.of()).stream()
                .map(ScalarNode::getValue)
                .toList();
    }

    private void refuseSharedIds() {
        var byId = new LinkedHashMap<String, List<Read>>();
        pending.values().forEach(read -> read.content()
                .map(FileContent::id)
                .filter(id -> !id.isEmpty())
                .ifPresent(
                        id -> byId.computeIfAbsent(id, _ -> new ArrayList<>()).add(read)));
        byId.forEach((id, reads) -> {
            if (reads.size() > 1) {
                String files = String.join(", ", reads.stream().map(Read::file).toList());
                reads.forEach(read -> read.issues()
                        .error(
                                Position.START,
                                "several files declare the id \"" + id + "\": " + files,
                                "give each its own id"));
            }
        });
    }

    private void refuseCircles() {
        var byId = new HashMap<String, List<Read>>();
        pending.values().forEach(read -> ids(read)
                .forEach(id -> byId.computeIfAbsent(id, _ -> new ArrayList<>()).add(read)));
        List<Read> circular = pending.values().stream()
                .filter(read -> read.content().map(FileContent::drawnIn).orElse(List.of()).stream()
                        .anyMatch(node -> leadsTo(node.getValue(), read, byId)))
                .toList();
        for (Read read : circular) {
            read.content().map(FileContent::drawnIn).orElse(List.of()).stream()
                    .filter(node -> leadsTo(node.getValue(), read, byId))
                    .findFirst()
                    .ifPresent(node -> read.issues()
                            .error(
                                    node,
                                    "this policy draws itself in, through \"" + node.getValue() + "\"",
                                    "break the circle"));
            enter(read, new Refused(read.issues().all()));
        }
    }

    private static boolean leadsTo(String id, Read wanted, Map<String, List<Read>> byId) {
        var seen = new HashSet<String>();
        var next = new ArrayDeque<>(List.of(id));
        while (!next.isEmpty()) {
            String each = next.pop();
            List<Read> reads = byId.getOrDefault(each, List.of());
            if (reads.stream().anyMatch(read -> read.file().equals(wanted.file()))) {
                return true;
            }
            if (seen.add(each)) {
                reads.forEach(read -> next.addAll(drawnIn(read)));
            }
        }
        return false;
    }
}
