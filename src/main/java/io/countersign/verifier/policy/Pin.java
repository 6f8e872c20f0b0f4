package io.countersign.verifier.policy;

import dev.cel.common.ast.CelExpr;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

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
     */
    Set<String> PINNING_CLAIMS = Set.of(
            "launch_measurement",
            "snp.measurement",
            "snp.id_key_digest",
            "tdx.mr_td",
            "tdx.rtmr0",
            "tdx.rtmr1",
            "tdx.rtmr2",
            "tdx.rtmr3",
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
