package io.countersign.verifier.tee.tdx.collateral;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * How Intel's collateral judges a TCB, as a whole and part by part. It says what is, not whether that is good enough: that is
 * for a policy.
 *
 * @param status of the whole
 * @param module empty for SGX, and for TDX modules without a line of their own, which the platform's levels judge
 * @param moduleMismatches why the TDX module is not one that Intel lists; empty unless the status says so
 * @param shortfalls what is too low; empty when the status is UpToDate
 */
public record TcbVerdict(
        TcbStatus status,
        PartStanding platform,
        Optional<PartStanding> module,
        PartStanding quotingEnclave,
        List<Mismatch> moduleMismatches,
        List<Shortfall> shortfalls) {
    public TcbVerdict {
        moduleMismatches = List.copyOf(moduleMismatches);
        shortfalls = List.copyOf(shortfalls);
    }

    /** Of the level that the platform reaches, as Intel's tools report it. */
    public Optional<Instant> tcbDate() {
        return platform.tcbDate();
    }

    /** The earliest of the parts' dates: everything that Intel published before is fixed in every part. */
    public Optional<Instant> earliestTcbDate() {
        return parts().flatMap(part -> part.tcbDate().stream()).min(Instant::compareTo);
    }

    /** What is known against any part, each once, sorted. */
    public List<String> advisoryIds() {
        return parts().flatMap(part -> part.advisoryIds().stream())
                .sorted()
                .distinct()
                .toList();
    }

    /** The same by the part that each is known against, sorted; parts without any are left out. */
    public Map<TcbPart, List<String>> advisoryIdsByPart() {
        var byPart = new EnumMap<TcbPart, List<String>>(TcbPart.class);
        parts().filter(part -> !part.advisoryIds().isEmpty())
                .forEach(part -> byPart.put(part.part(), List.copyOf(new TreeSet<>(part.advisoryIds()))));
        return Collections.unmodifiableMap(byPart);
    }

    /** What to do about it, in plain sentences for whoever runs the platform. */
    public String hint() {
        return new TcbAdvice(this).text();
    }

    Stream<PartStanding> parts() {
        return Stream.of(Optional.of(platform), module, Optional.of(quotingEnclave))
                .flatMap(Optional::stream);
    }
}
