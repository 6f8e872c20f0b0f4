package io.countersign.verifier.scheme;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All devices of one request in binding order: cpu0, then gpu0, gpu1, … by number, then nvswitch0, …. */
public record CompositeEvidence(List<Submodule> submodules) {
    private static final Comparator<Submodule> BINDING_ORDER = Comparator.comparing(
                    (Submodule submodule) -> submodule.scheme().deviceClass())
            .thenComparing(submodule -> submodule.label().length())
            .thenComparing(Submodule::label);

    public CompositeEvidence {
        submodules = submodules.stream().sorted(BINDING_ORDER).toList();
    }

    /** What the binding demands of one device of this request. */
    public Optional<Bytes> expectedBytes(Submodule submodule, Binding binding) {
        return submodule.scheme().deviceClass() == DeviceClass.CPU
                ? binding.expectedReportData(boundDevices())
                : binding.expectedDeviceNonce();
    }

    /** The GPUs and switches whose answers the CPU report commits to. */
    public List<Binding.Device> boundDevices() {
        return submodules.stream()
                .filter(submodule -> submodule.scheme().deviceClass() != DeviceClass.CPU)
                .map(submodule -> new Binding.Device(
                        submodule.label(), submodule.evidence().committedBytes()))
                .toList();
    }

    /** SHA-256 over every label and evidence, for results and tokens to name what was judged. */
    public Bytes digest() {
        return Bytes.concat(submodules.stream()
                        .flatMap(submodule -> java.util.stream.Stream.of(
                                Binding.lp(Bytes.utf8(submodule.label())),
                                submodule.evidence().committedBytes().sha256()))
                        .toArray(Bytes[]::new))
                .sha256();
    }
}
