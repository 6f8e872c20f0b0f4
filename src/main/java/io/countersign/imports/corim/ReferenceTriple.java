package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes from a reference triple what claims can be compared with. All measurements of a triple hold together, and several triples are
 * alternatives (draft-ietf-rats-corim-11, section 5.1.5): a list of values keeps the second and loses the first, which is said.
 */
final class ReferenceTriple {
    private record Value(Target target, Bytes bytes, String note) {}

    private final Profile profile;
    private final Findings findings;
    private final String tag;
    private final List<Value> values = new ArrayList<>();
    private boolean complete = true;

    /**
     * For the triples of one tag.
     *
     * @param tag its id and version, for people
     */
    ReferenceTriple(Profile profile, Findings findings, String tag) {
        this.profile = profile;
        this.findings = findings;
        this.tag = tag;
    }

    void read(Node triple) throws ImportException {
        List<Node> parts = triple.elements();
        if (parts.size() != 2) {
            throw triple.refused("a reference triple is an environment and its measurements; this has %d parts"
                    .formatted(parts.size()));
        }
        Environment environment =
                Environment.of(triple.at(".environment", parts.get(0).item()));
        for (Node each : triple.at(".measurements", parts.get(1).item()).someElements()) {
            Measurement measurement = Measurement.of(each);
            measurement
                    .authorizedBy()
                    .ifPresent(
                            _ -> findings.remark(
                                    "authorized-by in measurements is not evaluated: the pinned signer alone vouches for the values"));
            read(environment, measurement);
        }
        Optional<String> narrowed =
                environment.narrowedBeyond(values.stream().map(Value::bytes).toList());
        if (narrowed.isPresent()) {
            findings.leftOut(
                    triple,
                    "a triple that is narrowed to %s, which a list of values cannot say".formatted(narrowed.get()));
            return;
        }
        values.forEach(value -> findings.value(value.target(), value.bytes(), value.note()));
        boolean several = values.stream().map(Value::target).distinct().count() > 1;
        if (!values.isEmpty() && (several || !complete)) {
            findings.remark(
                    "measurements that one triple wants together stand in sets without each other, and without what was not imported: write what must hold together as rules");
        }
    }

    private void read(Environment environment, Measurement measurement) throws ImportException {
        String what = profile.described(environment, measurement.key());
        String note = note(environment, measurement);
        if (isRegisters(environment, measurement)) {
            registers(measurement, note);
            return;
        }
        Node mrtee = measurement.members().get(Measurement.MRTEE);
        if (profile == Profile.INTEL && mrtee != null) {
            mrtee(environment, measurement, mrtee, note);
            return;
        }
        Optional<Target> target = profile.target(environment, measurement.key());
        if (target.isEmpty()) {
            leaveOut(measurement.place(), what);
            return;
        }
        Node digests = measurement.members().get(Measurement.DIGESTS);
        Node raw = measurement.members().get(Measurement.RAW_VALUE);
        if (digests == null && raw == null || digests != null && raw != null) {
            leaveOut(measurement.values(), what + ", which has not one of digests and raw-value");
            return;
        }
        if (hasOthers(measurement, what, Set.of(digests == null ? Measurement.RAW_VALUE : Measurement.DIGESTS))) {
            return;
        }
        if (digests != null) {
            digest(target.get(), digests, Measurement.digests(digests), what, note);
        } else if (raw != null) {
            Optional<Bytes> bytes = Measurement.raw(raw);
            if (bytes.isEmpty() || bytes.get().length() != target.get().length()) {
                leaveOut(
                        raw,
                        "%s, whose raw value is not %d bytes without a mask"
                                .formatted(what, target.get().length()));
            } else {
                add(target.get(), raw, bytes.get(), what, note);
            }
        }
    }

    private String note(Environment environment, Measurement measurement) throws ImportException {
        var parts = new ArrayList<String>();
        for (String each : List.of(measurement.name(), environment.words(), tag)) {
            if (!each.isBlank()) {
                parts.add(each);
            }
        }
        return String.join(", ", parts);
    }

    private boolean hasOthers(Measurement measurement, String what, Set<Long> read) {
        Set<String> beside = measurement.conditionsBeside(read);
        if (!beside.isEmpty()) {
            leaveOut(
                    measurement.values(),
                    "%s, which counts only together with %s".formatted(what, String.join(", ", beside)));
        }
        return !beside.isEmpty();
    }

    private void digest(Target target, Node place, List<Digest> digests, String what, String note) {
        Optional<Digest> fit =
                digests.stream().filter(each -> each.fits(target.length())).findFirst();
        if (fit.isEmpty()) {
            leaveOut(
                    place,
                    "%s without a %s of %d bytes, which the field has"
                            .formatted(what, target.length() == 48 ? "SHA-384" : "SHA-256", target.length()));
        } else {
            add(target, fit.get().place(), fit.get().value(), what, note);
        }
    }

    private void add(Target target, Node place, Bytes value, String what, String note) {
        if (value.isAllZero()) {
            leaveOut(place, what + " of zeros, which means that nothing was measured or signed");
        } else {
            values.add(new Value(target, value, note));
        }
    }

    private void leaveOut(Node place, String what) {
        complete = false;
        findings.leftOut(place, what);
    }

    private boolean isRegisters(Environment environment, Measurement measurement) {
        if (!measurement.members().containsKey(Measurement.INTEGRITY_REGISTERS)) {
            return false;
        }
        return switch (profile) {
            case BASE ->
                measurement.key().filter(new Item.Text("tdx.rtmr")::equals).isPresent();
            case INTEL -> saysTd(environment, measurement);
            case AMD_SNP -> false;
        };
    }

    private void registers(Measurement measurement, String note) throws ImportException {
        if (hasOthers(measurement, "integrity registers", Set.of(Measurement.INTEGRITY_REGISTERS))) {
            return;
        }
        Node registers = measurement.members().get(Measurement.INTEGRITY_REGISTERS);
        if (registers == null) {
            return;
        }
        for (Item.Member each : registers.entries()) {
            Node place = registers.at("[" + Node.shown(each.key()) + "]", each.value());
            Optional<Target> target = each.key() instanceof Item.Whole(BigInteger index) && index.bitLength() < 8
                    ? Target.ofRtmr(index.longValueExact())
                    : Optional.empty();
            if (target.isEmpty()) {
                leaveOut(place, "an integrity register that is none of RTMR0 to RTMR3");
            } else {
                digest(
                        target.get(),
                        place,
                        Measurement.digests(place),
                        target.get().name(),
                        note);
            }
        }
    }

    /**
     * One member holds MRENCLAVE, MRSEAM and MRTD in Intel's profile, and none of its classes is a TD's: it is MRTD only where the
     * mkey or the model says so.
     */
    private void mrtee(Environment environment, Measurement measurement, Node mrtee, String note)
            throws ImportException {
        if (!saysTd(environment, measurement)) {
            leaveOut(
                    mrtee,
                    "tee.mrtee of %s: neither mkey (MRTD, tdx.mr_td) nor model (TDX TD) says that it is a TD's"
                            .formatted(environment.words().isEmpty() ? "an unnamed class" : environment.words()));
            return;
        }
        if (hasOthers(measurement, "tee.mrtee", Set.of(Measurement.MRTEE))) {
            return;
        }
        Optional<List<Digest>> digests = Measurement.ofTee(mrtee);
        if (digests.isEmpty()) {
            leaveOut(mrtee, "tee.mrtee that is not one of a set");
            return;
        }
        List<Digest> fit = digests.get().stream()
                .filter(each -> each.fits(Target.MRTD.length()))
                .toList();
        if (fit.isEmpty()) {
            leaveOut(mrtee, "tee.mrtee without a SHA-384");
        }
        fit.forEach(each -> add(Target.MRTD, each.place(), each.value(), "tee.mrtee", note));
    }

    private static boolean saysTd(Environment environment, Measurement measurement) {
        return environment.model().equals("TDX TD")
                || measurement
                        .key()
                        .filter(key -> key.equals(new Item.Text("MRTD")) || key.equals(new Item.Text("tdx.mr_td")))
                        .isPresent();
    }
}
