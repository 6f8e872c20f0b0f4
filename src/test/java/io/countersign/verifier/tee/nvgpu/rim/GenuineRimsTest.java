package io.countersign.verifier.tee.nvgpu.rim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Manifests that NVIDIA published. */
class GenuineRimsTest {
    private static final String HOPPER_VBIOS = "1010_0200_882_96005E0001_PROD.swidtag";

    static Stream<Arguments> cases() {
        return Rims.cases().stream()
                .flatMap(each -> Rims.providers().stream().map(signatures -> Arguments.of(each, signatures)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysWhatTheManifestOfCapturesSays(Rims.Case each, Signatures signatures) {
        RimReader.Reading reading = Rims.genuine(signatures).read(Rims.file(each.file()));
        if (!each.accepted()) {
            assertFalse(each.expected().get("xml_signature_valid").asBoolean());
            assertTrue(Rims.refused(reading).startsWith("the signature does not verify: "), () -> "" + reading);
            return;
        }
        SignedRim rim = Rims.signed(reading);
        ReferenceManifest manifest = rim.manifest();
        JsonNode expected = each.expected();
        assertEquals(expected.get("colloquialVersion").asText(), manifest.colloquialVersion());
        assertEquals(expected.get("tagId").asText(), manifest.tagId());
        assertEquals(expected.get("product").asText(), manifest.product());
        assertEquals(manifest.product(), manifest.name());
        assertEquals(expected.get("edition").asText(), manifest.edition());
        assertEquals(expected.get("FirmwareManufacturerId").asText(), manifest.firmwareManufacturerId());
        assertEquals(
                StreamSupport.stream(expected.get("active_indexes").spliterator(), false)
                        .map(JsonNode::asInt)
                        .toList(),
                List.copyOf(manifest.golden().keySet()));
        var alternatives = new TreeMap<Integer, Integer>();
        expected.get("alternatives")
                .properties()
                .forEach(entry -> alternatives.put(
                        Integer.valueOf(entry.getKey()), entry.getValue().asInt()));
        var found = new TreeMap<Integer, Integer>();
        manifest.golden()
                .forEach((index, golden) ->
                        found.put(index, golden.alternatives().size()));
        assertEquals(alternatives, found);
        assertEquals(
                Instant.parse(expected.get("earliest_not_after").asText()),
                rim.chain().until());
    }

    @Test
    void givesTheDigestsOfTheDocument() {
        GoldenValue golden =
                Objects.requireNonNull(Rims.signed(Rims.genuine(Rims.FAST).read(Rims.file(HOPPER_VBIOS)))
                        .manifest()
                        .golden()
                        .get(9));
        assertEquals("Measurement_9", golden.name());
        assertEquals(9, golden.index());
        assertEquals(
                List.of(
                        "7f3e9382785513c1932dfcc9e87f6ef6bf5fefe88144c6ea48539e65f937013dd7349144e5f439dcea401dac26e5c098"),
                golden.alternatives().stream().map(Object::toString).toList());
    }

    /** The shipped policies for GPUs refuse a GPU whose VBIOS has none: this would tell if NVIDIA published such. */
    @Test
    void everyVbiosHasAGoldenValueForTheRegisterThatCoversTheMode() {
        List<ReferenceManifest> ofVbios = Rims.cases().stream()
                .filter(each -> each.file().matches("(1010|g520)_.*"))
                .map(each -> Rims.signed(Rims.genuine(Rims.FAST).read(Rims.file(each.file())))
                        .manifest())
                .toList();
        assertEquals(18, ofVbios.size());
        ofVbios.forEach(manifest -> assertTrue(manifest.golden().containsKey(9), manifest.colloquialVersion()));
    }

    @Test
    void tellsWhatIsWrongWithTheTwoBadOnes() {
        String altered = "the signature does not verify: ";
        RimReader reader = Rims.genuine(Rims.FAST);
        assertEquals(
                altered + "it was signed by another key than that of the certificate chain, or altered",
                Rims.refused(reader.read(Rims.file("incorrect_signature_driver_rim.xml"))));
        assertEquals(
                altered + "the document was altered after it was signed",
                Rims.refused(reader.read(Rims.file("NV_GPU_DRIVER_GH100_570.124.03_expired.xml"))));
    }

    @Test
    void doesNotTakeTheRootOfDevicesForThatOfReferenceValues() {
        RimReader reader =
                Rims.reader(Rims.vendor(), AnchorRole.NVIDIA_DEVICE_ROOT, Rims.FAST, SignatureFacts.forgetful());
        String actual = Rims.refused(reader.read(Rims.file(HOPPER_VBIOS)));
        assertTrue(actual.startsWith("the last certificate is not a root that is pinned here"), actual);
    }

    @Test
    void remembersWhatVerifiedUnderTheRootsThatItVerifiedUnder() {
        var memory = new Rims.Memory();
        RimReader reader = Rims.reader(Rims.vendor(), AnchorRole.NVIDIA_RIM_ROOT, Rims.FAST, memory);
        var content = Rims.file(HOPPER_VBIOS);
        SignedRim first = Rims.signed(reader.read(content));
        SignedRim second = Rims.signed(reader.read(content));
        assertSame(first, second);
        SignatureFacts.Key key = memory.ofRims().findFirst().orElseThrow();
        assertEquals(content.sha256(), key.content());
        SignatureFacts.Sized fact = assertInstanceOf(SignatureFacts.Sized.class, memory.facts.get(key));
        assertTrue(fact.bytes() >= content.length());
        RimReader other = Rims.reader(Rims.vendor(), AnchorRole.NVIDIA_DEVICE_ROOT, Rims.FAST, memory);
        assertInstanceOf(RimReader.Reading.Refused.class, other.read(content));
    }

    @Test
    void remembersNothingThatDidNotVerify() {
        var memory = new Rims.Memory();
        RimReader reader = Rims.reader(Rims.vendor(), AnchorRole.NVIDIA_RIM_ROOT, Rims.FAST, memory);
        assertInstanceOf(RimReader.Reading.Refused.class, reader.read(Rims.file("incorrect_signature_driver_rim.xml")));
        assertEquals(0, memory.ofRims().count());
    }
}
