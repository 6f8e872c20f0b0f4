package io.countersign.service.api.request;

import io.countersign.verifier.bytes.Bytes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the member {@code endorsements} into slots such as {@code amd.crl}; nothing in them is judged here. */
final class EndorsementReader {
    private static final List<String> VENDORS = List.of("amd", "intel", "nvidia");
    private static final List<String> INTEL_TEXTS = List.of(
            "tcb_info", "tcb_info_issuer_chain", "qe_identity", "qe_identity_issuer_chain", "pck_crl_issuer_chain");
    private static final List<String> INTEL_BINARIES = List.of("pck_crl", "root_ca_crl");

    private final Map<String, List<Bytes>> slots = new HashMap<>();

    private EndorsementReader() {}

    static Map<String, List<Bytes>> read(RequestObject request) throws RequestInvalidException {
        var reader = new EndorsementReader();
        Optional<RequestObject> endorsements = request.object("endorsements");
        if (endorsements.isPresent()) {
            endorsements.get().onlyMembers(VENDORS);
            reader.vendor(endorsements.get(), "amd", List.of("certificates"), List.of("crl"));
            reader.vendor(endorsements.get(), "intel", INTEL_TEXTS, INTEL_BINARIES);
            reader.nvidia(endorsements.get());
        }
        return reader.slots;
    }

    private void vendor(RequestObject endorsements, String vendor, List<String> texts, List<String> binaries)
            throws RequestInvalidException {
        Optional<RequestObject> found = endorsements.object(vendor);
        if (found.isEmpty()) {
            return;
        }
        RequestObject members = found.get();
        members.onlyMembers(java.util.stream.Stream.concat(texts.stream(), binaries.stream())
                .toList());
        for (String name : members.names()) {
            if (members.requiredText(name).isEmpty()) {
                throw new RequestInvalidException(
                        members.pointerTo(name),
                        "something was expected here; leave the member out if there is nothing");
            }
        }
        for (String name : texts) {
            members.text(name).ifPresent(text -> slots.put(vendor + "." + name, List.of(Bytes.utf8(text))));
        }
        for (String name : binaries) {
            members.binary(name).ifPresent(bytes -> slots.put(vendor + "." + name, List.of(bytes)));
        }
    }

    private void nvidia(RequestObject endorsements) throws RequestInvalidException {
        Optional<RequestObject> found = endorsements.object("nvidia");
        if (found.isEmpty()) {
            return;
        }
        RequestObject members = found.get();
        members.onlyMembers(List.of("rims", "ocsp", "crls"));
        Optional<RequestObject> rims = members.object("rims");
        if (rims.isPresent()) {
            for (String id : rims.get().names()) {
                slots.put("nvidia.rims." + id, rims.get().documents(id));
            }
        }
        for (String name : List.of("ocsp", "crls")) {
            if (members.has(name)) {
                slots.put("nvidia." + name, members.binaries(name));
            }
        }
    }
}
