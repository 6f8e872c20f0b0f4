package io.countersign.bench;

import io.countersign.insecure.NvidiaServices;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.scheme.Submodule;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef;
import io.countersign.verifier.tee.nvgpu.ocsp.OcspQuestion;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Everything that devices want, as the software NVIDIA gives it out. */
final class NvidiaMaterial {
    private static final Pattern RIM = Pattern.compile("\"rim\":\\s*\"([^\"]+)\"");
    private static final Bytes NONCE = Bytes.utf8("a nonce of thirty-two bytes here");

    private NvidiaMaterial() {}

    static Map<EndorsementRef, Availability> wanted(List<Submodule> devices, NvidiaServices services, Instant at) {
        var found = new HashMap<EndorsementRef, Availability>();
        boolean more = true;
        while (more) {
            more = false;
            for (Submodule device : devices) {
                for (EndorsementRef ref : device.wanted(Endorsements.none().with(found), at)) {
                    more |= found.putIfAbsent(ref, new Availability.InHand(answer(ref, services))) == null;
                }
            }
        }
        return found;
    }

    private static Bytes answer(EndorsementRef ref, NvidiaServices services) {
        return switch (ref) {
            case NvidiaEndorsementRef.Rim(String id) -> rim(services.rim(id).orElseThrow());
            case NvidiaEndorsementRef.OcspAnswer asked ->
                services.ocsp(OcspQuestion.der(asked.issuerNameHash(), asked.issuerKeyHash(), asked.serial(), NONCE));
            default -> throw new IllegalStateException(ref.description());
        };
    }

    private static Bytes rim(String json) {
        Matcher text = RIM.matcher(json);
        if (!text.find()) {
            throw new IllegalStateException("the RIM service's answer holds no RIM");
        }
        return Bytes.copyOf(Base64.getDecoder().decode(text.group(1)));
    }
}
