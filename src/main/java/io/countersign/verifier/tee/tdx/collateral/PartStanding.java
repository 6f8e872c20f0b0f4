package io.countersign.verifier.tee.tdx.collateral;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How Intel judges one part of a TCB by itself.
 *
 * @param level the index of the level it reaches, 0 being the best; empty when it reaches none
 * @param tcbDate of that level: everything that Intel published before is fixed in it
 * @param advisoryIds of that level: what is known against it
 */
public record PartStanding(
        TcbPart part, TcbStatus status, OptionalInt level, Optional<Instant> tcbDate, List<String> advisoryIds) {
    public PartStanding {
        advisoryIds = List.copyOf(advisoryIds);
    }

    static PartStanding none(TcbPart part, TcbStatus status) {
        return new PartStanding(part, status, OptionalInt.empty(), Optional.empty(), List.of());
    }

    static PartStanding at(int index, TcbLevel level) {
        return new PartStanding(
                TcbPart.PLATFORM,
                level.status(),
                OptionalInt.of(index),
                Optional.of(level.tcbDate()),
                level.advisoryIds());
    }

    /** The standing of a module or an enclave among its levels. */
    static PartStanding among(List<IsvLevel> levels, int isvSvn, TcbPart part) {
        OptionalInt index = IsvLevel.reachedBy(isvSvn, levels);
        if (index.isEmpty()) {
            return none(part, TcbStatus.TCB_LEVEL_NOT_SUPPORTED);
        }
        IsvLevel level = levels.get(index.getAsInt());
        return new PartStanding(part, level.status(), index, Optional.of(level.tcbDate()), level.advisoryIds());
    }
}
