package io.countersign.service.collateral;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Adds up what is held and what failed last by kind and product, of which there are few. */
final class States {
    /** One endorsement in memory. */
    record Held(EndorsementTraits traits, Copy copy) {}

    private record Label(String kind, String product) {
        static Label of(EndorsementTraits traits) {
            return new Label(traits.kind(), traits.product());
        }
    }

    /** Bounded, since a laboratory can make up families of machines. */
    private final Map<Label, EndorsementState.Failure> failures = Caffeine.newBuilder()
            .maximumSize(1_000)
            .<Label, EndorsementState.Failure>build()
            .asMap();

    void failed(EndorsementTraits traits, EndorsementState.Failure failure) {
        failures.put(Label.of(traits), failure);
    }

    List<EndorsementState> with(List<Held> held) {
        var labels = new TreeSet<>(Comparator.comparing(Label::kind).thenComparing(Label::product));
        labels.addAll(failures.keySet());
        held.forEach(each -> labels.add(Label.of(each.traits())));
        return labels.stream().map(label -> state(label, held)).toList();
    }

    private EndorsementState state(Label label, List<Held> held) {
        List<Copy> copies = held.stream()
                .filter(each -> Label.of(each.traits()).equals(label))
                .map(Held::copy)
                .toList();
        return new EndorsementState(
                label.kind(),
                label.product(),
                copies.size(),
                copies.stream().map(Copy::fetchedAt).max(Instant::compareTo),
                copies.stream()
                        .map(Copy::freshUntil)
                        .min(Instant::compareTo)
                        .filter(until -> until.isBefore(Instant.MAX)),
                Optional.ofNullable(failures.get(label)));
    }
}
