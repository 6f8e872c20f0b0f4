package io.countersign.service.policies;

import io.countersign.service.policies.PolicyBook.Loaded;
import io.countersign.service.policies.PolicyBook.RefusedText;
import io.countersign.service.policies.PolicyLibrary.Entry;
import io.countersign.verifier.policy.AppraisalPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A book as requests look at it. */
record PolicyView(PolicyBook book, Map<String, AppraisalPolicy> policies, List<Entry> entries) {
    PolicyView {
        policies = Map.copyOf(policies);
        entries = List.copyOf(entries);
    }

    static PolicyView of(PolicyBook book) {
        var policies = new HashMap<String, AppraisalPolicy>();
        book.loaded().values().stream()
                .flatMap(each -> each.content().policy().stream())
                .forEach(policy -> policies.put(policy.identity().id(), policy));
        var files = new LinkedHashSet<>(book.loaded().keySet());
        files.addAll(book.refused().keySet());
        var entries = new ArrayList<Entry>();
        for (String file : files) {
            Optional<RefusedText> refused = Optional.ofNullable(book.refused().get(file));
            book.at(file)
                    .map(loaded -> inUse(loaded, refused))
                    .or(() -> refused.map(PolicyView::rejected))
                    .ifPresent(entries::add);
        }
        return new PolicyView(book, policies, entries);
    }

    private static Entry inUse(Loaded loaded, Optional<RefusedText> refused) {
        return new Entry(
                loaded.content().identity().id(),
                loaded.content().kind(),
                loaded.file(),
                loaded.content().policy(),
                Optional.of(loaded.content().identity()),
                loaded.source(),
                loaded.warnings(),
                Optional.of(loaded.since()),
                refused.map(RefusedText::refusal));
    }

    private static Entry rejected(RefusedText refused) {
        return new Entry(
                refused.id(),
                refused.kind(),
                refused.refusal().file(),
                Optional.empty(),
                Optional.empty(),
                refused.source(),
                List.of(),
                Optional.empty(),
                Optional.of(refused.refusal()));
    }
}
