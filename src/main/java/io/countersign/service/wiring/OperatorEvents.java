package io.countersign.service.wiring;

import io.countersign.service.audit.Entry;
import io.countersign.service.audit.Journal;
import io.countersign.service.audit.Kind;
import io.countersign.service.policies.PolicyChange;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.service.policies.PolicyObserver;
import io.countersign.service.signing.Standing;
import io.countersign.verifier.result.PolicyIdentity;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What operators do, in the audit log: under which policies and with which keys decisions are made from then on. */
final class OperatorEvents implements PolicyObserver {
    private final Optional<Journal> journal;
    private final InstantSource clock;
    private Map<String, Standing.State> said = Map.of();

    OperatorEvents(Optional<Journal> journal, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
    }

    private void note(Kind kind, Map<String, Object> members) {
        journal.ifPresent(each -> each.note(new Entry(clock.instant(), kind, members)));
    }

    @Override
    public void changed(List<PolicyChange> changes, List<PolicyLibrary.Entry> entries) {
        for (PolicyChange change : changes) {
            var members = new LinkedHashMap<String, Object>();
            switch (change) {
                case PolicyChange.Taken taken -> {
                    members.put("event", "loaded");
                    members.put("what", taken.kind().word());
                    members.put("policy", identity(taken.identity()));
                    taken.before().ifPresent(before -> members.put("before", identity(before)));
                    members.put("file", taken.file());
                }
                case PolicyChange.Gone gone -> {
                    members.put("event", "withdrawn");
                    members.put("what", gone.kind().word());
                    members.put("policy", identity(gone.identity()));
                    members.put("file", gone.file());
                }
                case PolicyChange.Refused refused -> {
                    members.put("event", "refused");
                    refused.stays().ifPresent(stays -> members.put("stays", identity(stays)));
                    members.put("file", refused.file());
                }
                case PolicyChange.Mended mended -> {
                    members.put("event", "mended");
                    members.put("file", mended.file());
                }
            }
            note(Kind.POLICY, members);
        }
    }

    @Override
    public void unreadable() {
        note(Kind.POLICY, Map.of("event", "unreadable"));
    }

    private static Map<String, Object> identity(PolicyIdentity policy) {
        var members = new LinkedHashMap<String, Object>();
        members.put("id", policy.id());
        members.put("version", policy.version());
        members.put("digest", policy.digestText());
        return members;
    }

    /** A line for each key whose state is another one than before; with the public key, which outlives its publication here. */
    synchronized void keys(List<Standing> standings) {
        var now = new LinkedHashMap<String, Standing.State>();
        for (Standing each : standings) {
            String kid = each.key().kid();
            now.put(kid, each.state());
            if (said.get(kid) != each.state()) {
                var members = new LinkedHashMap<String, Object>();
                members.put("kid", kid);
                members.put("state", each.state().word());
                members.put("jwk", each.key().published());
                note(Kind.KEY, members);
            }
        }
        said.keySet().stream().filter(kid -> !now.containsKey(kid)).forEach(kid -> {
            var members = new LinkedHashMap<String, Object>();
            members.put("kid", kid);
            members.put("state", "removed");
            note(Kind.KEY, members);
        });
        said = now;
    }
}
