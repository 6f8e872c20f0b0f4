package io.countersign.verifier.tee.tdx.collateral;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * One entry of {@code tcbLevels} of a TDX module or an enclave: the security version number it must have at least, and how
 * Intel judges one that has just that. Intel PCS API, version 4, "Get TDX TCB Info" and "Get TDX QE Identity".
 *
 * @param status UpToDate, OutOfDate or Revoked
 */
public record IsvLevel(int isvSvn, Instant tcbDate, TcbStatus status, List<String> advisoryIds) {
    static final int HIGHEST = 0xFFFF;

    public IsvLevel {
        advisoryIds = List.copyOf(advisoryIds);
    }

    /** Reads the levels of an object, best first, no two for the same number. */
    static List<IsvLevel> read(JsonObject owner) throws MalformedCollateralException {
        var levels = new ArrayList<IsvLevel>();
        for (JsonObject each : owner.objects("tcbLevels")) {
            String word = each.text("tcbStatus");
            TcbStatus status = TcbStatus.ofSoftwareLevel(word)
                    .orElseThrow(() -> each.refusal(
                            "tcbStatus",
                            "is \"" + Printable.shortened(word) + "\"",
                            "\"UpToDate\", \"OutOfDate\" or \"Revoked\""));
            levels.add(new IsvLevel(
                    each.object("tcb").integer("isvsvn", HIGHEST),
                    each.instant("tcbDate"),
                    status,
                    each.textsIfAny("advisoryIDs")));
        }
        if (levels.isEmpty()) {
            throw owner.refusal("tcbLevels", "is empty", "at least one level");
        }
        levels.sort(Comparator.comparingInt(IsvLevel::isvSvn).reversed());
        for (int i = 1; i < levels.size(); i++) {
            if (levels.get(i).isvSvn == levels.get(i - 1).isvSvn) {
                throw owner.refusal("tcbLevels", "has two levels for isvsvn " + levels.get(i).isvSvn, "one for each");
            }
        }
        return levels;
    }

    /** The index of the first level, best first, that a number reaches; empty when it is lower than all of them. */
    static OptionalInt reachedBy(int isvSvn, List<IsvLevel> levels) {
        for (int i = 0; i < levels.size(); i++) {
            if (isvSvn >= levels.get(i).isvSvn) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** The level to aim at: the first that is up to date, otherwise the best. */
    static IsvLevel wanted(List<IsvLevel> levels) {
        for (IsvLevel level : levels) {
            if (level.status == TcbStatus.UP_TO_DATE) {
                return level;
            }
        }
        return levels.getFirst();
    }
}
