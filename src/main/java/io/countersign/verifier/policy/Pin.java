package io.countersign.verifier.policy;

import dev.cel.common.ast.CelExpr;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Whether an expression can only be true when a claim that identifies the workload is one of some reference values. Read
 * from the structure alone, and strictly: whatever is not recognised does not pin.
 */
sealed interface Pin {
    /**
     * The claims that identify what runs, or who signed for what runs. A TEE that joins adds its own here.
     *
     * <p>{@code snp.id_key_digest} names the key that signed the ID block, which names the measurement: AMD 56860,
     * section "ID Block". {@code sgx.mr_signer} names the key that signed the enclave.
     *
     * <p>Of a TD, MRTD is measured by the TDX module, and RTMR1 and RTMR2 hold what firmware and boot loader start. Whoever
     * brings his own firmware can extend all RTMRs as he likes, so these two belong beside MRTD: docs/policy.md says so, and
     * the contract lets them count. Considered and left out, because another program in a TD of the same firmware gets the
     * same values: RTMR0, which is the firmware's settings; RTMR3, which every guest extends with what it wants; and all
     * claims of the event log, which rest on RTMR2 and RTMR3. A policy that rightly relies on these pins MRTD too, and so
     * pins already.
     */
    Set<String> PINNING_CLAIMS = Set.of(
            "launch_measurement",
            "snp.measurement",
            "snp.id_key_digest",
            "tdx.mr_td",
            "tdx.rtmr1",
            "tdx.rtmr2",
            "sgx.mr_enclave",
            "sgx.mr_signer");

    record Nothing() implements Pin {}

    /** {@code claim in references.set}. */
    record To(String claim, String set) implements Pin {}

    /** One of these is enough: the operands of {@code &&}. */
    record Any(List<Pin> pins) implements Pin {
        public Any {
            pins = List.copyOf(pins);
        }
    }

    /** All of these are needed: the operands of {@code ||}, the branches of {@code ?:}. */
    record All(List<Pin> pins) implements Pin {
        public All {
            pins = List.copyOf(pins);
        }
    }

    /** Whether it pins, given which sets are live. */
    default boolean holds(Predicate<To> live) {
        return switch (this) {
            case Nothing _ -> false;
            case To to -> live.test(to);
            case Any(List<Pin> pins) -> pins.stream().anyMatch(pin -> pin.holds(live));
            case All(List<Pin> pins) -> !pins.isEmpty() && pins.stream().allMatch(pin -> pin.holds(live));
        };
    }

    /** The claims that take part in it. */
    default Stream<String> claims() {
        return switch (this) {
            case Nothing _ -> Stream.empty();
            case To to -> Stream.of(to.claim());
            case Any(List<Pin> pins) -> pins.stream().flatMap(Pin::claims);
            case All(List<Pin> pins) -> pins.stream().flatMap(Pin::claims);
        };
    }

    /** Of a TD only registers that its own firmware extends, and nothing that says which firmware this is. */
    static boolean leavesFirmwareOpen(Set<String> pinned) {
        return !pinned.isEmpty() && pinned.stream().allMatch(claim -> claim.startsWith("tdx.rtmr"));
    }

    /** Of a TD only MRTD, which names its firmware and seldom what the firmware starts. */
    static boolean leavesBootOpen(String type, Set<String> pinned) {
        return type.equals("tdx")
                && !pinned.isEmpty()
                && pinned.stream().allMatch(Set.of("launch_measurement", "tdx.mr_td")::contains);
    }

    /**
     * What the structure of a rule pins.
     *
     * @param prefix the class of devices that the rule is about, with its dot: {@code cpu.}
     */
    static Pin of(CelExpr expression, String prefix) {
        if (expression.getKind() != CelExpr.ExprKind.Kind.CALL) {
            return new Nothing();
        }
        List<CelExpr> operands = expression.call().args();
        return switch (expression.call().function()) {
            case CelWords.AND -> new Any(all(operands, prefix));
            case CelWords.OR -> new All(all(operands, prefix));
            // The condition itself proves nothing: either branch may be the one that counts.
            case CelWords.CONDITIONAL -> new All(all(operands.subList(1, operands.size()), prefix));
            case CelWords.IN -> membership(operands.getFirst(), operands.getLast(), prefix);
            default -> new Nothing();
        };
    }

    private static List<Pin> all(List<CelExpr> expressions, String prefix) {
        return expressions.stream().map(expression -> of(expression, prefix)).toList();
    }

    private static Pin membership(CelExpr member, CelExpr list, String prefix) {
        Optional<String> claim = CelWords.dottedName(member)
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .filter(PINNING_CLAIMS::contains);
        Optional<String> set = CelWords.dottedName(list)
                .filter(name -> name.startsWith(CelWords.REFERENCES))
                .map(name -> name.substring(CelWords.REFERENCES.length()));
        return claim.isPresent() && set.isPresent() ? new To(claim.get(), set.get()) : new Nothing();
    }
}
