package io.countersign.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareOcsp;
import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a case brings along from NVIDIA's services: everything that its devices need, until something is said to be different. */
final class NvidiaEndorsements {
    private final SoftwareNvidia nvidia = SoftwareNvidias.trusted();
    private final Map<String, List<String>> rims = new LinkedHashMap<>();
    private List<Bytes> lists = List.of();
    private Optional<List<Bytes>> ocsp = Optional.empty();
    private UnaryOperator<List<SoftwareOcsp>> answering = UnaryOperator.identity();
    private boolean bringsRims = true;

    /** These documents under that id, in that order. */
    void rim(String id, List<String> documents) {
        rims.put(id, documents);
    }

    void withoutRims() {
        bringsRims = false;
    }

    void answering(UnaryOperator<List<SoftwareOcsp>> how) {
        answering = how;
    }

    void ocsp(List<Bytes> answers) {
        ocsp = Optional.of(answers);
    }

    void lists(List<Bytes> crls) {
        lists = crls;
    }

    void putInto(ObjectNode slot, List<NvidiaDevice> devices) {
        if (bringsRims) {
            var documents = new LinkedHashMap<String, List<String>>();
            devices.forEach(each -> each.rims(nvidia).forEach(rim -> documents.put(rim.id(), List.of(rim.xml()))));
            documents.putAll(rims);
            var brought = slot.putObject("rims");
            documents.forEach((id, texts) -> {
                if (texts.size() == 1) {
                    brought.put(id, NvidiaShared.orReference(texts.getFirst()));
                } else {
                    var array = brought.putArray(id);
                    texts.forEach(text -> array.add(NvidiaShared.orReference(text)));
                }
            });
        }
        var answers = slot.putArray("ocsp");
        ocsp.orElseGet(() -> usualAnswers(devices)).forEach(der -> answers.add(NvidiaShared.orReference(base64(der))));
        if (!lists.isEmpty()) {
            var crls = slot.putArray("crls");
            lists.forEach(der -> crls.add(base64(der)));
        }
    }

    private List<Bytes> usualAnswers(List<NvidiaDevice> devices) {
        var answers = new ArrayList<SoftwareOcsp>();
        var architectures = new LinkedHashSet<NvidiaArchitecture>();
        devices.forEach(each -> {
            answers.addAll(nvidia.answersAbout(each.chip()));
            architectures.add(each.chip().architecture());
        });
        architectures.forEach(each -> answers.addAll(nvidia.answersAbout(nvidia.rims(each))));
        // Chips share the authorities above them.
        return answering.apply(answers).stream()
                .map(SoftwareOcsp::der)
                .distinct()
                .toList();
    }

    static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
