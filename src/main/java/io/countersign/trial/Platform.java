package io.countersign.trial;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.scheme.Submodule;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The machine below some evidence. A machine that is updated stays the same one: what is known of it is about its newest state.
 *
 * @param tee the type of its CPU's evidence
 * @param key SHA-256 of what its vendor calls it by or, where the evidence does not say, of its TCB
 * @param identifier the name of that and its value, for the eyes of whoever owns the machine
 * @param inForce the numbers of the statements of Intel's that judged it
 */
public record Platform(String tee, Bytes key, Optional<String> identifier, Map<IntelEndorsementRef, Long> inForce) {
    /** Certified by Intel, and by AMD's own key; a chip id that the host masks is no id. */
    private static final List<String> IDENTIFIERS = List.of("tdx.ppid", "sgx.ppid", "snp.chip_id");

    /** What tells platforms apart that do not say who they are. */
    private static final List<String> TCB =
            List.of("snp.product", "snp.csp_id", "snp.reported_tcb", "snp.committed_tcb");

    private static final int SHORT = 12;

    public Platform {
        inForce = Map.copyOf(inForce);
    }

    /** The machine below genuine evidence. */
    public static Platform of(CompositeEvidence evidence, Map<String, Authentication> byLabel) {
        Submodule cpu = evidence.submodules().stream()
                .filter(each -> each.scheme().deviceClass() == DeviceClass.CPU)
                .findFirst()
                .orElse(evidence.submodules().getFirst());
        var inForce = new LinkedHashMap<IntelEndorsementRef, Long>();
        for (Submodule submodule : evidence.submodules()) {
            claims(submodule, byLabel).ifPresent(claims -> inForce.putAll(inForce(submodule, claims)));
        }
        String tee = cpu.scheme().id();
        Optional<Claims> claims = claims(cpu, byLabel);
        Optional<String> identifier = claims.flatMap(known -> IDENTIFIERS.stream()
                .filter(path -> !(path.equals("snp.chip_id") && isMasked(known)))
                .flatMap(path -> known.find(path).map(value -> path + " " + value).stream())
                .findFirst());
        String named = identifier.orElseGet(() -> claims.map(Platform::tcb).orElse("nobody knows which"));
        return new Platform(
                tee, Bytes.utf8("countersign platform " + tee + " " + named).sha256(), identifier, inForce);
    }

    private static Optional<Claims> claims(Submodule submodule, Map<String, Authentication> byLabel) {
        return Optional.ofNullable(byLabel.get(submodule.label())).flatMap(Authentication::claims);
    }

    private static boolean isMasked(Claims claims) {
        return claims.find("snp.chip_id_masked").filter(Boolean.TRUE::equals).isPresent();
    }

    private static String tcb(Claims claims) {
        return claims.byPath().entrySet().stream()
                .filter(claim -> TCB.stream().anyMatch(path -> claim.getKey().startsWith(path)))
                .map(claim -> claim.getKey() + " " + claim.getValue())
                .collect(Collectors.joining("; "));
    }

    private static Map<IntelEndorsementRef, Long> inForce(Submodule submodule, Claims claims) {
        var inForce = new LinkedHashMap<IntelEndorsementRef, Long>();
        for (TeeType tee : TeeType.values()) {
            String word = tee.word();
            claims.find(word + ".fmspc")
                    .filter(_ -> submodule.scheme().id().equals(word))
                    .ifPresent(fmspc -> {
                        inForce.put(
                                new IntelEndorsementRef.TcbInfo(tee, Bytes.fromHex(fmspc.toString())),
                                number(claims, word + ".tcb_evaluation_data_number"));
                        inForce.put(
                                new IntelEndorsementRef.QeIdentity(tee),
                                number(claims, word + ".qe_evaluation_data_number"));
                    });
        }
        return inForce;
    }

    private static long number(Claims claims, String path) {
        return claims.find(path)
                .filter(Long.class::isInstance)
                .map(Long.class::cast)
                .orElse(0L);
    }

    /** Enough of the key to tell a fleet's machines apart. */
    public String shortKey() {
        return key.toString().substring(0, SHORT);
    }
}
