package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.ClaimType.Hex;
import io.countersign.verifier.claim.ClaimType.Text;
import io.countersign.verifier.claim.ClaimType.Word;
import io.countersign.verifier.claim.Claims;
import java.util.List;
import java.util.Optional;

/** The claims that GPUs and switches have in common. */
final class CommonDeviceClaims {
    private CommonDeviceClaims() {}

    static List<ClaimDefinition> identity() {
        return List.of(
                define(
                        "arch",
                        Word.of(Architecture.class, Architecture::name),
                        "HOPPER, BLACKWELL or LS10, by the certificates"),
                define("hwmodel", new Text(), "Common name of the boot ROM's certificate"),
                define(
                        "pdi",
                        new Hex(8),
                        "Per-device identifier by the certificates; stays the same for the life of the device"),
                define(
                        "leaf_serial",
                        new Text(),
                        "Serial number of the leaf certificate in hex; changes when the device restarts"),
                define("ueid", new Text(), "The same in decimal, as NVIDIA's own service says it"),
                define("nonce", new Hex(32), "What the device was asked to answer"),
                define("fwid", new Hex(48), "Digest of the first mutable firmware, where the report has it"));
    }

    static List<ClaimDefinition> comparison() {
        return List.of(
                define(
                        "measurements_match",
                        new ClaimType.Flag(),
                        "Whether every golden value is what the device measured"),
                define(
                        "mismatched_indexes",
                        new ClaimType.UnsignedIntegerList(),
                        "Registers that differ from their golden values"),
                define(
                        "unreferenced_indexes",
                        new ClaimType.UnsignedIntegerList(),
                        "Registers that hold something and have no golden value"),
                define(
                        "ocsp_status",
                        Word.of(RevocationStanding.Word.class, RevocationStanding.Word::text),
                        "The worst that is known of any certificate: good, certificate-hold"));
    }

    static List<ClaimDefinition> manifest(String name, String whose) {
        return List.of(
                define(name + ".id", new Text(), "Id of the manifest of " + whose),
                define(
                        name + ".issue",
                        Word.of(Comparison.Issue.class, Comparison.Issue::word),
                        "newest or older: which of those in hand matched"),
                define(name + ".signed_from", new ClaimType.Time(), "Beginning of its signer's certificate"),
                define(name + ".signed_until", new ClaimType.Time(), "Earliest end of its signers' certificates"));
    }

    static ClaimDefinition define(String path, ClaimType type, String meaning) {
        return new ClaimDefinition(path, type, meaning);
    }

    static void identity(Claims.Builder claims, DeviceEvidence evidence, DeviceChain chain) {
        DeviceIdentity identity = chain.identity();
        claims.with("arch", identity.architecture().name())
                .with("hwmodel", identity.hwmodel())
                .with("pdi", identity.pdi())
                .with("leaf_serial", identity.leafSerial())
                .with("ueid", identity.ueid())
                .with("nonce", evidence.report().request().nonce());
        evidence.statement().fwid().ifPresent(fwid -> claims.with("fwid", fwid));
    }

    /** Nothing is said about measurements as long as it is open whether they match. */
    static void comparison(Claims.Builder claims, DeviceVerdict verdict) {
        MeasurementJudge.Judgement measurements = verdict.measurements();
        boolean matches = measurements.outcome() instanceof Outcome.Passed;
        if (matches || measurements.outcome() instanceof Outcome.Failed) {
            claims.with("measurements_match", matches).with("mismatched_indexes", numbers(measurements.mismatched()));
        }
        measurements.unreferenced().ifPresent(indexes -> claims.with("unreferenced_indexes", numbers(indexes)));
        verdict.ocspStatus().ifPresent(status -> claims.with("ocsp_status", status));
    }

    static void manifest(Claims.Builder claims, String name, Optional<String> id, Optional<Comparison> comparison) {
        comparison.ifPresent(compared -> {
            id.ifPresent(text -> claims.with(name + ".id", text));
            claims.with(name + ".issue", compared.issue().word())
                    .with(
                            name + ".signed_from",
                            compared.rim().chain().leaf().window().notBefore())
                    .with(name + ".signed_until", compared.rim().chain().until());
        });
    }

    private static List<Long> numbers(List<Integer> indexes) {
        return indexes.stream().map(Integer::longValue).toList();
    }

    static List<String> texts(List<Bytes> values) {
        return values.stream()
                .filter(value -> !value.isAllZero())
                .map(Bytes::toString)
                .distinct()
                .sorted()
                .toList();
    }
}
