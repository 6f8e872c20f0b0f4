package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.nvgpu.rim.ReferenceManifest;
import io.countersign.verifier.tee.nvgpu.rim.RimReader;
import io.countersign.verifier.tee.nvgpu.rim.SignedRim;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.Endorsements;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * {@code gpu.driver-rim} and {@code gpu.vbios-rim}: whether reference values are NVIDIA's, of exactly this version, and valid
 * now. Whether their signers are revoked belongs to {@code gpu.revocation}.
 */
final class RimJudge {
    private static final String GET_ONE =
            "Bring it in \"endorsements\", let the service reach NVIDIA's RIM service, or put it"
                    + " into the folder of endorsements. Where NVIDIA publishes none for this version, only an update of the"
                    + " firmware to one that has a RIM helps.";
    private static final String BRING_ANOTHER =
            "Leave it out of \"endorsements\", so that this service uses its own, or bring NVIDIA's current one.";
    private static final String OWN_IS_BAD =
            "The RIM service's answer, or the copy that this service keeps, is at fault, not the evidence: discard the copy or"
                    + " bring a current one along.";

    /** How many issues of one manifest a request may bring; NVIDIA is known to have made two. */
    static final int MOST_ISSUES = 16;

    private final RimReader rims;

    RimJudge(RimReader rims) {
        this.rims = rims;
    }

    /**
     * How judging ended.
     *
     * @param usable the manifests that count, newest first; more than one when NVIDIA issued it again
     */
    record Judgement(RimDemand demand, Outcome outcome, List<SignedRim> usable) {}

    Judgement judge(RimDemand demand, Endorsements inHand, Instant at) {
        if (demand.id().isEmpty()) {
            return without(
                    demand,
                    new Outcome.Failed(
                            "a report that names %s and the board".formatted(demand.what()),
                            "the report does not say what a RIM is found by",
                            "Update driver and firmware: this report is older or newer than those known here."));
        }
        List<Bytes> brought = inHand.brought(demand.slot().orElseThrow());
        if (!brought.isEmpty()) {
            return ofAll(demand, brought, inHand, at);
        }
        return switch (inHand.gathered(new NvidiaEndorsementRef.Rim(demand.id().get()))) {
            case Availability.InHand held -> ofOwn(demand, held, at);
            case Availability.Missing(String why, Outcome.Cause cause) ->
                without(demand, new Outcome.Undetermined(named(demand) + ": " + why, cause, GET_ONE));
        };
    }

    private static String named(RimDemand demand) {
        return "NVIDIA's RIM %s".formatted(demand.id().orElse(""));
    }

    private Judgement ofAll(RimDemand demand, List<Bytes> brought, Endorsements inHand, Instant at) {
        if (brought.size() > MOST_ISSUES) {
            return without(
                    demand,
                    failed(
                            demand,
                            List.of("there are %d, and at most %d are looked at"
                                    .formatted(brought.size(), MOST_ISSUES)),
                            BRING_ANOTHER));
        }
        var usable = new ArrayList<SignedRim>();
        var objections = new ArrayList<String>();
        for (Bytes content : brought) {
            switch (look(demand, rims.read(content, inHand), at)) {
                case Look.Usable(SignedRim rim) -> usable.add(rim);
                case Look.Over(String why) -> objections.add(why);
                case Look.Bad(String why) -> objections.add(why);
            }
        }
        return usable.isEmpty() ? without(demand, failed(demand, objections, BRING_ANOTHER)) : passed(demand, usable);
    }

    private Judgement ofOwn(RimDemand demand, Availability.InHand held, Instant at) {
        return switch (look(demand, rims.read(held.content()), at)) {
            case Look.Usable(SignedRim rim) -> passed(demand, List.of(rim));
            case Look.Over(String why) ->
                without(
                        demand,
                        new Outcome.Undetermined(
                                named(demand) + " that is valid now: " + why + held.whyNotRenewed(),
                                held.causeWhenOver(),
                                GET_ONE));
            case Look.Bad(String why) -> without(demand, failed(demand, List.of(why), OWN_IS_BAD));
        };
    }

    private static Judgement without(RimDemand demand, Outcome outcome) {
        return new Judgement(demand, outcome, List.of());
    }

    private static Outcome failed(RimDemand demand, List<String> objections, String hint) {
        return new Outcome.Failed(
                "%s: version %s of a %s, signed under NVIDIA's pinned RIM root and valid now"
                        .formatted(named(demand), demand.version(), demand.product()),
                String.join("; ", objections),
                hint);
    }

    private static Judgement passed(RimDemand demand, List<SignedRim> usable) {
        usable = usable.stream()
                .sorted(Comparator.comparing(
                                (SignedRim rim) -> rim.chain().leaf().window().notBefore())
                        .reversed())
                .toList();
        SignedRim newest = usable.getFirst();
        return new Judgement(
                demand,
                new Outcome.Passed("%s is signed by \"%s\" and valid until %s%s."
                        .formatted(
                                named(demand),
                                newest.chain().leaf().subjectCommonName(),
                                newest.chain().until(),
                                usable.size() == 1 ? "" : "; %d issues of it are in hand".formatted(usable.size()))),
                usable);
    }

    /** One manifest, looked at. */
    private sealed interface Look {
        record Usable(SignedRim rim) implements Look {}

        record Over(String why) implements Look {}

        record Bad(String why) implements Look {}
    }

    private static Look look(RimDemand demand, RimReader.Reading reading, Instant at) {
        return switch (reading) {
            case RimReader.Reading.Refused(String expected, String actual) ->
                new Look.Bad("%s (expected %s)".formatted(actual, expected));
            case RimReader.Reading.Signed(SignedRim rim) -> {
                List<String> others = differences(demand, rim.manifest());
                List<String> outside = rim.chain().outsideAt(at);
                if (!others.isEmpty()) {
                    yield new Look.Bad(String.join("; ", others));
                }
                yield outside.isEmpty() ? new Look.Usable(rim) : new Look.Over(String.join("; ", outside));
            }
        };
    }

    /** NVIDIA's tools compare versions without regard to case: genuine reports and RIMs differ in it. */
    private static List<String> differences(RimDemand demand, ReferenceManifest manifest) {
        var differences = new ArrayList<String>();
        if (!manifest.colloquialVersion()
                .toUpperCase(Locale.ROOT)
                .equals(demand.version().toUpperCase(Locale.ROOT))) {
            differences.add("it is for version %s, and the report says %s"
                    .formatted(manifest.colloquialVersion(), demand.version()));
        }
        if (!manifest.product().equals(demand.product()) || !manifest.edition().equals(demand.edition())) {
            differences.add("it is for %s %s, not %s %s"
                    .formatted(manifest.edition(), manifest.product(), demand.edition(), demand.product()));
        }
        return differences;
    }
}
