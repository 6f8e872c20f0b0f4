package io.countersign.service.api.request;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.scheme.EvidenceMember;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.countersign.verifier.scheme.Schemes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the member {@code evidence}: labels without gaps, one type each, and exactly the members of that type. */
public final class EvidenceReader {
    private static final Pattern LABEL = Pattern.compile("(cpu|gpu|nvswitch)(0|[1-9][0-9]{0,3})");

    private final Schemes schemes;
    private final int maxDevices;
    private final Runnable tooMany;

    public EvidenceReader(Schemes schemes, int maxDevices) {
        this(schemes, maxDevices, () -> {});
    }

    /** Takes also who is told of every request of more devices. */
    public EvidenceReader(Schemes schemes, int maxDevices, Runnable tooMany) {
        this.schemes = schemes;
        this.maxDevices = maxDevices;
        this.tooMany = tooMany;
    }

    /** The devices of a request in the order of their labels in the body. */
    public List<RawDevice> read(RequestObject request) throws RequestInvalidException, RefusedEvidenceException {
        RequestObject evidence = request.object("evidence")
                .orElseThrow(
                        () -> new RequestInvalidException(request.pointerTo("evidence"), "this member is required"));
        List<String> labels = evidence.names();
        if (labels.isEmpty()) {
            throw new RequestInvalidException(evidence.pointer(), "evidence of at least one device was expected");
        }
        if (labels.size() > maxDevices) {
            tooMany.run();
            throw new RequestInvalidException(
                    evidence.pointer(),
                    "%d devices are more than the %d that are read".formatted(labels.size(), maxDevices));
        }
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new RequestInvalidException(
                        evidence.pointerTo(label), "a label such as cpu0, gpu0 or nvswitch0 was expected");
            }
        }
        refuseGaps(evidence, new HashSet<>(labels));
        var devices = new ArrayList<RawDevice>();
        for (String label : labels) {
            devices.add(device(label, evidence.object(label).orElseThrow()));
        }
        return devices;
    }

    private static void refuseGaps(RequestObject evidence, Set<String> labels) throws RequestInvalidException {
        for (String label : labels) {
            Matcher parts = LABEL.matcher(label);
            if (parts.matches()) {
                int number = Integer.parseInt(parts.group(2));
                String before = parts.group(1) + (number - 1);
                if (number > 0 && !labels.contains(before)) {
                    throw new RequestInvalidException(
                            evidence.pointerTo(label), "labels are numbered without gaps, and there is no " + before);
                }
            }
        }
        if (labels.contains("cpu1")) {
            throw new RequestInvalidException(evidence.pointerTo("cpu1"), "a request is about one machine: cpu0 only");
        }
    }

    private RawDevice device(String label, RequestObject device)
            throws RequestInvalidException, RefusedEvidenceException {
        String type = device.requiredText("type");
        AttestationScheme<?> scheme = schemes.find(type)
                .orElseThrow(() -> new RefusedEvidenceException(
                        label,
                        new UnsupportedEvidenceException(
                                "evidence", "type \"%s\" is not read by this service".formatted(type))));
        DeviceClass deviceClass = scheme.deviceClass();
        if (!label.startsWith(deviceClass.word())) {
            throw new RequestInvalidException(
                    device.pointerTo("type"),
                    "evidence of type %s stands under a label %s0, %s1, …"
                            .formatted(type, deviceClass.word(), deviceClass.word()));
        }
        device.onlyMembers(
                Stream.concat(Stream.of("type"), scheme.members().stream().map(EvidenceMember::name))
                        .toList());
        var members = new HashMap<String, Bytes>();
        for (EvidenceMember member : scheme.members()) {
            if (member.need() == EvidenceMember.Need.REQUIRED) {
                device.requiredText(member.name());
            }
            if (member.encoding() != EvidenceMember.Encoding.IGNORED && device.has(member.name())) {
                members.put(member.name(), decode(label, device, member));
            }
        }
        return new RawDevice(label, scheme, new RawEvidence(members));
    }

    private static Bytes decode(String label, RequestObject device, EvidenceMember member)
            throws RequestInvalidException, RefusedEvidenceException {
        String text = device.requiredText(member.name());
        boolean literal = member.encoding() == EvidenceMember.Encoding.TEXT
                || member.encoding() == EvidenceMember.Encoding.PEM_OR_BINARY && text.startsWith("-----BEGIN");
        Bytes decoded = literal ? Bytes.utf8(text) : Base64Text.decode(device.pointerTo(member.name()), text);
        if (decoded.length() > member.maxLength()) {
            throw new RefusedEvidenceException(
                    label,
                    new MalformedEvidenceException(
                            member.name(),
                            member.maxLength(),
                            "%d bytes are more than the %d that are read"
                                    .formatted(decoded.length(), member.maxLength())));
        }
        return decoded;
    }
}
