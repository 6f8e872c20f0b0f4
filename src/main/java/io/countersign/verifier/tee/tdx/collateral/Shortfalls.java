package io.countersign.verifier.tee.tdx.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.collateral.TcbComponents.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out which numbers are too low, and names them by the labels that Intel gives components. */
final class Shortfalls {
    private static final String BIOS = "Update the BIOS";
    private static final String HOST = "Update the host's operating system or VMM";

    private final List<Shortfall> found = new ArrayList<>();

    /** What is too low on a platform, from one TDX component on; SGX platforms have none of these. */
    void platform(TcbLevel wanted, PlatformTcb platform, Optional<Bytes> teeTcbSvn, int fromTdxComponent) {
        components("SGX", wanted.sgx(), platform.svns(), 0);
        if (platform.pceSvn() < wanted.pceSvn()) {
            found.add(new Shortfall(
                    TcbPart.PLATFORM,
                    "PCE",
                    "Update Intel's SGX platform software (the provisioning certification enclave)",
                    platform.pceSvn(),
                    wanted.pceSvn()));
        }
        if (teeTcbSvn.isPresent() && wanted.tdx().isPresent()) {
            components("TDX", wanted.tdx().get(), teeTcbSvn.get(), fromTdxComponent);
        }
    }

    void module(ModuleIdentity identity, int isvSvn) {
        int wanted = IsvLevel.wanted(identity.levels()).isvSvn();
        if (isvSvn < wanted) {
            found.add(new Shortfall(
                    TcbPart.TDX_MODULE, "TDX module " + identity.id(), "Update the TDX module", isvSvn, wanted));
        }
    }

    void quotingEnclave(EnclaveIdentity identity, int isvSvn) {
        int wanted = IsvLevel.wanted(identity.levels()).isvSvn();
        if (isvSvn < wanted) {
            found.add(new Shortfall(
                    TcbPart.QUOTING_ENCLAVE,
                    "quoting enclave",
                    "Update Intel's quote generation software (the quoting enclave)",
                    isvSvn,
                    wanted));
        }
    }

    List<Shortfall> all() {
        return List.copyOf(found);
    }

    private void components(String kind, TcbComponents wanted, Bytes actual, int from) {
        for (int i = from; i < TcbComponents.COUNT; i++) {
            if (actual.u8(i) < wanted.svn(i)) {
                Label label = wanted.labels().get(i);
                String unnamed = "%s component %d".formatted(kind, i + 1);
                found.add(new Shortfall(
                        TcbPart.PLATFORM, component(label, unnamed), remedy(label), actual.u8(i), wanted.svn(i)));
            }
        }
    }

    /** The types as Intel's service writes them today; another one is repeated as it stands. */
    private static String component(Label label, String unnamed) {
        return switch (label.type().orElse("")) {
            case "" -> unnamed;
            case "Early Microcode Update" -> "early microcode";
            case "SGX Late Microcode Update" -> "late microcode (SGX)";
            case "TDX Late Microcode Update" -> "late microcode (TDX)";
            case "TDX Module" -> "TDX module";
            default -> label.type().orElse(unnamed);
        };
    }

    private static String remedy(Label label) {
        return switch (label.type().orElse("")) {
            case "SGX Late Microcode Update", "TDX Late Microcode Update" ->
                "Update the microcode that the host's operating system or VMM loads";
            case "TXT SINIT" -> "Update the TXT SINIT module";
            case "SEAMLDR ACM" -> "Update the SEAM loader";
            case "TDX Module" -> "Update the TDX module";
            default ->
                switch (label.category().orElse("")) {
                    case "BIOS" -> BIOS;
                    case "OS/VMM" -> HOST;
                    default -> "Update or configure the platform (BIOS, microcode)";
                };
        };
    }
}
