package io.countersign.verifier.tee.nvgpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.NvidiaChip;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareRim;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.PemBundle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What attackers have tried on other verifiers, derived from genuine reports and chains. */
@EnabledIf(
        value = "io.countersign.verifier.tee.nvgpu.Devices#areHere",
        disabledReason = "the genuine captures of NVIDIA devices are not on this machine")
class DeviceAttacksTest {
    private static final Instant AT = Instant.parse("2025-01-01T00:00:00Z");
    private static final Set<String> IN_FULL = Set.of("hopper-550.90.07.report.txt", "switch-ls10-96.10.55.report.txt");

    /** A prime, so that other bytes are met in every capture. */
    private static final int STRIDE = 97;

    private static final int CHAIN_STRIDE = 41;
    private static final int SIGNATURE = 96;

    static List<Devices.Capture> captures() {
        return Devices.all().stream()
                .filter(each -> each.expected().required("signature_valid").asBoolean())
                .toList();
    }

    static List<Devices.Capture> onePerFamily() {
        return Stream.of(
                        "hopper-550.90.07.report.txt", "blackwell-575.32.report.txt", "switch-ls10-96.10.55.report.txt")
                .map(Devices::named)
                .toList();
    }

    private static Optional<Authentication> judged(Devices.Capture capture, Bytes report, Bytes chain) {
        return judged(capture.kind(), capture, report, chain);
    }

    private static Optional<Authentication> judged(
            DeviceKind kind, Devices.Capture capture, Bytes report, Bytes chain) {
        try {
            return Optional.of(Judged.GENUINE.judge(
                    kind, report, chain, Judged.context(AT, Endorsements.none(), Judged.nonce(capture.report()))));
        } catch (EvidenceException _) {
            return Optional.empty();
        }
    }

    /** Also nothing is asked of NVIDIA for it. */
    private static Set<String> rejected(Devices.Capture capture, Bytes report, Bytes chain, String what)
            throws EvidenceException {
        Authentication found = judged(capture, report, chain).orElseThrow(() -> new AssertionError(what));
        assertEquals(Authenticity.REJECTED, found.authenticity(), what);
        assertTrue(found.claims().isEmpty(), what);
        var evidence = Judged.GENUINE.parse(capture.kind(), report, chain);
        assertEquals(Set.of(), Judged.GENUINE.scheme(capture.kind()).wanted(evidence, Endorsements.none(), AT), what);
        return Judged.ended(found, "failed");
    }

    private static List<Bytes> certificates(Bytes pem) throws MalformedDerException {
        return PemBundle.certificates(pem, 10).stream().map(Certificate::der).toList();
    }

    private static Bytes pem(List<Bytes> certificates) {
        return Bytes.utf8(NvidiaChip.pem(certificates));
    }

    @ParameterizedTest
    @MethodSource("captures")
    void everyFlippedByteOfAReportBreaksItsSignature(Devices.Capture capture) throws EvidenceException {
        Bytes report = capture.report();
        int reached = 0;
        int step = IN_FULL.contains(capture.name()) ? 1 : STRIDE;
        for (int at = 0; at < report.length(); at += step) {
            Bytes damaged = Judged.flipped(report, at * 8 + at % 8);
            Optional<Authentication> found = judged(capture, damaged, capture.chain());
            if (found.isPresent()) {
                reached++;
                String what = "byte " + at;
                assertTrue(rejected(capture, damaged, capture.chain(), what).contains("gpu.report-signature"), what);
            }
        }
        // All but lengths, indexes and types.
        assertTrue(reached > report.length() / step * 3 / 4, "only " + reached);
    }

    @ParameterizedTest
    @MethodSource("onePerFamily")
    void noNumbersThatAreNoneAndNoOtherFormAreASignature(Devices.Capture capture) throws EvidenceException {
        Bytes report = capture.report();
        int end = report.length() - SIGNATURE;
        Bytes r = report.slice(end, end + SIGNATURE / 2);
        Bytes s = report.slice(end + SIGNATURE / 2, report.length());
        // The order of P-384: SEC 2 version 2.0, section 2.5.1.
        Bytes order = Bytes.fromHex(
                "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973");
        Bytes zero = Bytes.zeros(SIGNATURE / 2);
        for (Bytes other : List.of(
                Bytes.concat(zero, zero),
                Bytes.concat(zero, s),
                Bytes.concat(r, zero),
                Bytes.concat(order, order),
                Bytes.concat(order, s),
                Bytes.concat(s, r),
                Bytes.concat(r.reversed(), s.reversed()))) {
            Bytes damaged = Bytes.concat(report.slice(0, end), other);
            assertEquals(Set.of("gpu.report-signature"), rejected(capture, damaged, capture.chain(), other.toString()));
        }
    }

    @ParameterizedTest
    @MethodSource("onePerFamily")
    void shorterAndLongerReportsAreMalformed(Devices.Capture capture) {
        Bytes report = capture.report();
        for (int length = 0; length < report.length(); length++) {
            int cut = length;
            assertThrows(
                    EvidenceException.class,
                    () -> Judged.GENUINE.parse(capture.kind(), report.slice(0, cut), capture.chain()));
        }
        assertThrows(
                EvidenceException.class,
                () -> Judged.GENUINE.parse(capture.kind(), Bytes.concat(report, Bytes.zeros(1)), capture.chain()));
    }

    @ParameterizedTest
    @MethodSource("onePerFamily")
    void everyFlippedBitOfACertificateBreaksTheChain(Devices.Capture capture) throws EvidenceException {
        List<Bytes> chain = chain(capture);
        for (int i = 0; i < chain.size(); i++) {
            for (int bit = 0; bit < chain.get(i).length() * 8; bit += CHAIN_STRIDE) {
                var damaged = new ArrayList<>(chain);
                damaged.set(i, Judged.flipped(chain.get(i), bit));
                String what = "certificate %d, bit %d".formatted(i, bit);
                assertTrue(
                        rejected(capture, capture.report(), pem(damaged), what).contains("gpu.certificate-chain"),
                        what);
            }
        }
    }

    private static List<Bytes> chain(Devices.Capture capture) {
        try {
            return certificates(capture.chain());
        } catch (MalformedDerException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noReportPassesWithTheChainOfAnotherCapture() throws EvidenceException {
        int pairs = 0;
        for (Devices.Capture one : captures()) {
            for (Devices.Capture other : captures()) {
                if (one.text("leaf_sha256").equals(other.text("leaf_sha256"))) {
                    continue;
                }
                pairs++;
                var failed = rejected(one, one.report(), other.chain(), one.name() + " with " + other.name());
                assertTrue(failed.contains("gpu.report-signature"), failed.toString());
                assertEquals(one.kind() != other.kind(), failed.contains("gpu.certificate-chain"), other.name());
            }
        }
        assertTrue(pairs > 100, "only " + pairs);
    }

    @ParameterizedTest
    @MethodSource("onePerFamily")
    void onlyTheFiveCertificatesInTheirOrderAreAChain(Devices.Capture capture) throws EvidenceException {
        List<Bytes> five = chain(capture);
        Bytes leaf = five.get(0);
        Bytes rom = five.get(1);
        Bytes three = five.get(2);
        Bytes two = five.get(3);
        Bytes root = five.get(4);
        Bytes foreign = SoftwareNvidias.foreign().deviceRoot();
        Map<String, List<Bytes>> chains = Map.ofEntries(
                Map.entry("none", List.of(leaf)),
                Map.entry("the leaf second", List.of(rom, leaf, three, two, root)),
                Map.entry("reversed", five.reversed()),
                Map.entry("another root", List.of(leaf, rom, three, two, foreign)),
                Map.entry("four without the root", List.of(leaf, rom, three, two)),
                Map.entry("four without the leaf", List.of(rom, three, two, root)),
                Map.entry("the boot ROM as leaf", List.of(rom, rom, three, two, root)),
                Map.entry("the provisioner as leaf", List.of(three, rom, three, two, root)),
                Map.entry("six", List.of(leaf, rom, three, two, root, root)),
                Map.entry("six with two leaves", List.of(leaf, leaf, rom, three, two, root)),
                Map.entry("a hole", List.of(leaf, three, two, root, root)),
                Map.entry("the intermediate as root", List.of(leaf, rom, three, two, two)));
        for (var each : chains.entrySet()) {
            var failed = rejected(capture, capture.report(), pem(each.getValue()), each.getKey());
            assertTrue(failed.contains("gpu.certificate-chain"), each.getKey());
        }
    }

    @Test
    void theChainOfARimIsNoChainOfADevice() throws EvidenceException {
        Devices.Capture capture = Devices.named("hopper-545.00-full.report.txt");
        String xml = Devices.file("Driver_RIM_test_no_gpu.swidtag").toUtf8();
        List<Bytes> four = Pattern.compile("X509Certificate>([A-Za-z0-9+/=\\s]+)<")
                .matcher(xml)
                .results()
                .map(found -> Bytes.copyOf(Base64.getMimeDecoder().decode(found.group(1))))
                .toList();
        assertEquals(4, four.size());
        List<Bytes> device = chain(capture);
        for (List<Bytes> chain : List.of(
                four,
                Stream.concat(Stream.of(device.getFirst()), four.stream()).toList(),
                Stream.concat(four.stream(), Stream.of(device.getLast())).toList())) {
            assertTrue(rejected(capture, capture.report(), pem(chain), "" + chain.size())
                    .contains("gpu.certificate-chain"));
        }
    }

    @Test
    void theChainOfADeviceIsNoChainOfARim() throws EvidenceException {
        SoftwareGpu gpu = Lab.NVIDIA.h100("rim signer");
        var four = Stream.concat(
                        Stream.of(gpu.chip().leafDraft().der()),
                        Lab.NVIDIA.deviceAuthorities(NvidiaArchitecture.HOPPER).stream())
                .toList();
        for (List<Bytes> chain :
                List.of(four, gpu.chip().chain(), gpu.chip().chain().subList(1, 5))) {
            SoftwareRim rim = SoftwareRim.driver(Lab.NVIDIA, gpu.board())
                    .signedBy(chain == four ? gpu.chip().leafKey() : gpu.chip().bromKey())
                    .chain(chain);
            var slots = Lab.slots(gpu.chip(), List.of(rim, SoftwareRim.vbios(Lab.NVIDIA, gpu.board())));
            Authentication found = Judged.SOFTWARE.judge(
                    DeviceKind.GPU,
                    gpu.report(Lab.NONCE),
                    Lab.chain(gpu.chip()),
                    Judged.context(Lab.AT, Endorsements.brought(slots), Lab.NONCE));
            assertEquals(Set.of("gpu.driver-rim"), Judged.ended(found, "failed"));
            assertEquals(Set.of("gpu.measurements"), Judged.ended(found, "not-reached"));
        }
    }

    /** The boot ROM's key is genuine, and not one that signs reports. */
    @Test
    void aReportThatTheBootRomSignedIsRejected() throws EvidenceException {
        SoftwareGpu gpu = Lab.NVIDIA.h100("boot ROM signs");
        Bytes report = gpu.report(Lab.NONCE, draft -> draft.signedBy(gpu.chip().bromKey()));
        List<Bytes> five = gpu.chip().chain();
        for (List<Bytes> chain : List.of(
                Stream.concat(Stream.of(five.get(1)), five.subList(1, 5).stream())
                        .toList(),
                five.subList(1, 5))) {
            Authentication found = Judged.SOFTWARE.judge(
                    DeviceKind.GPU, report, pem(chain), Judged.context(Lab.AT, Lab.endorsements(gpu), Lab.NONCE));
            assertEquals(Authenticity.REJECTED, found.authenticity());
            assertEquals(
                    "passed", Judged.outcome(found, GpuCheck.REPORT_SIGNATURE).word());
            assertEquals(
                    "failed", Judged.outcome(found, GpuCheck.CERTIFICATE_CHAIN).word());
        }
    }

    @ParameterizedTest
    @MethodSource("captures")
    void noDevicePassesAsOneOfTheOtherKind(Devices.Capture capture) {
        DeviceKind other = capture.kind() == DeviceKind.GPU ? DeviceKind.NVSWITCH : DeviceKind.GPU;
        judged(other, capture, capture.report(), capture.chain()).ifPresent(found -> {
            assertEquals(Authenticity.REJECTED, found.authenticity());
            assertTrue(Judged.ended(found, "failed").contains("gpu.certificate-chain"));
        });
    }
}
