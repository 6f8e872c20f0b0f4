package io.countersign.cases;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.RawDevice;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.scheme.EvidenceMember;
import io.countersign.verifier.trust.Endorsements;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Writes a request, everything that was in hand for its verdict, and the verdict: all of it in one file. */
public final class CaseWriter {
    private static final String RIMS = "nvidia.rims.";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private CaseWriter() {}

    /** UTF-8 JSON that {@link CaseReader} reads; the whole is a body of {@code POST /v1/appraisals} but for {@code recorded}. */
    public static byte[] write(AppraisalRequest request, Endorsements inHand, AttestationResult result) {
        ObjectNode file = JsonNodeFactory.instance.objectNode();
        FetchedForm.Written endorsements = FetchedForm.write(inHand);
        recorded(file.putObject(CaseReader.RECORDED), result, endorsements.fetched());
        file.put("policy", result.policy().id());
        file.put("at", result.evaluatedAt().toString());
        var binding = request.binding();
        file.put("binding", binding.method().word());
        if (binding.method() != BindingMethod.NONE) {
            file.put("nonce", base64(binding.nonce()));
        }
        request.key().ifPresent(key -> {
            ObjectNode jwk = file.putObject("key");
            key.confirmation().forEach((name, value) -> jwk.put(name, value.toString()));
        });
        ObjectNode evidence = file.putObject("evidence");
        for (RawDevice device : request.evidence()) {
            device(evidence.putObject(device.label()), device);
        }
        if (!endorsements.slots().isEmpty()) {
            slots(file.putObject("endorsements"), endorsements.slots());
        }
        return file.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void recorded(ObjectNode recorded, AttestationResult result, Map<String, String> fetched) {
        recorded.put("status", result.status().word());
        recorded.put("verdict", (result.favourable() ? Case.Verdict.FAVOURABLE : Case.Verdict.REFUSED).word());
        recorded.put("policy", result.policy().id());
        recorded.put("policy_version", result.policy().version());
        recorded.put("policy_digest", result.policy().digestText());
        ObjectNode places = recorded.putObject(CaseReader.FETCHED);
        fetched.forEach(places::put);
    }

    private static void device(ObjectNode written, RawDevice device) {
        written.put("type", device.scheme().id());
        for (EvidenceMember member : device.scheme().members()) {
            device.evidence()
                    .member(member.name())
                    .ifPresent(content -> written.put(member.name(), inRequest(member.encoding(), content)));
        }
    }

    private static String inRequest(EvidenceMember.Encoding encoding, Bytes content) {
        return switch (encoding) {
            case TEXT -> content.toUtf8();
            case BINARY, PEM_OR_BINARY, IGNORED -> base64(content);
        };
    }

    private static void slots(ObjectNode endorsements, Map<String, List<Bytes>> slots) {
        slots.forEach((slot, contents) -> {
            if (slot.startsWith(RIMS)) {
                ArrayNode issues = endorsements
                        .withObjectProperty("nvidia")
                        .withObjectProperty("rims")
                        .putArray(slot.substring(RIMS.length()));
                contents.forEach(content -> issues.add(base64(content)));
                return;
            }
            int dot = slot.indexOf('.');
            String name = slot.substring(dot + 1);
            ObjectNode vendor = endorsements.withObjectProperty(slot.substring(0, dot));
            if (slot.startsWith("nvidia.")) {
                ArrayNode several = vendor.putArray(name);
                contents.forEach(content -> several.add(base64(content)));
            } else {
                boolean binary = name.endsWith("crl");
                vendor.put(
                        name,
                        binary
                                ? base64(contents.getFirst())
                                : contents.getFirst().toUtf8());
            }
        });
    }

    private static String base64(Bytes bytes) {
        return BASE64.encodeToString(bytes.toByteArray());
    }
}
