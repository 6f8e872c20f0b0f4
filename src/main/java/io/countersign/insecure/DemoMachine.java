package io.countersign.insecure;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A machine as the service sees it.
 *
 * @param policy by which it asks to be judged
 * @param evidence what it puts into a request
 */
record DemoMachine(String policy, Evidence evidence) {
    /** Answers what a binding asks for, in the members of a request. */
    @FunctionalInterface
    interface Evidence {
        void of(Binding binding, ObjectNode request);
    }

    static DemoMachine guest(DemoAttester amd, UnaryOperator<SoftwareReport> changes) {
        return new DemoMachine(DemoPolicy.CPUS, (binding, request) -> guest(amd, changes, committed(binding), request));
    }

    static DemoMachine trustDomain(DemoTd td, DemoTd.Platform platform) {
        return new DemoMachine(DemoPolicy.CPUS, (binding, request) -> {
            var members = td.attest(committed(binding), platform);
            request.withObject("/evidence/cpu0").put("type", "tdx").put("quote", members.quote());
            members.endorsements().forEach(request.withObject("/endorsements/intel")::put);
        });
    }

    /** A guest with GPUs: they answer first, and the guest's report commits to their answers. */
    static DemoMachine withGpus(DemoAttester amd, DemoGpus gpus, DemoGpus.Setup setup) {
        return new DemoMachine(DemoPolicy.GPUS, (binding, request) -> {
            var members = gpus.attest(binding.expectedDeviceNonce().orElseThrow(), setup);
            Bytes reportData = binding.expectedReportData(members.seenByGuest()).orElseThrow();
            guest(amd, UnaryOperator.identity(), reportData, request);
            for (DemoGpus.Device device : members.devices()) {
                request.withObject("/evidence/" + device.label())
                        .put("type", device.type())
                        .put("arch", device.arch())
                        .put("evidence", base64Url(device.evidence()))
                        .put("certificate", device.certificate());
            }
            var brought = request.withObject("/endorsements/nvidia");
            members.rims().forEach(brought.putObject("rims")::put);
            members.ocsp().forEach(brought.putArray("ocsp")::add);
        });
    }

    private static void guest(
            DemoAttester amd, UnaryOperator<SoftwareReport> changes, Bytes reportData, ObjectNode request) {
        var members = amd.attest(reportData, changes);
        request.withObject("/evidence/cpu0")
                .put("type", "sev-snp")
                .put("report", members.report())
                .put("certificates", members.certificates());
        request.withObject("/endorsements/amd").put("crl", members.crl());
    }

    private static Bytes committed(Binding binding) {
        return binding.expectedReportData(List.of()).orElseThrow();
    }

    /** Everything but the audience. */
    ObjectNode request(String nonce, ECKey key) throws JOSEException {
        var binding = new Binding(
                BindingMethod.COUNTERSIGN_V1,
                Bytes.copyOf(Base64.getUrlDecoder().decode(nonce)),
                Bytes.copyOf(key.computeThumbprint().decode()));
        var request = JsonNodeFactory.instance
                .objectNode()
                .put("policy", policy)
                .put("nonce", nonce)
                .put("binding", binding.method().word());
        key.toJSONObject().forEach((name, value) -> request.withObject("/key").put(name, String.valueOf(value)));
        evidence.of(binding, request);
        return request;
    }

    private static String base64Url(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }
}
