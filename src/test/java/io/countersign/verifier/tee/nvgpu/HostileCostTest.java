package io.countersign.verifier.tee.nvgpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.NvidiaBoard;
import io.countersign.insecure.SoftwareCrl;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareOcsp;
import io.countersign.insecure.SoftwareRim;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import io.countersign.verifier.trust.Endorsements;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sixty-four genuine devices are public, and so is NVIDIA's signature under some RIM: anybody can have what is brought beside
 * them read for each of them, in each round.
 */
class HostileCostTest {
    /** Of one processor, for the largest request. */
    private static final Duration MOST = Duration.ofSeconds(2);

    private static final int DEVICES = 64;
    private static final int ROUNDS = 3;
    private static final int LARGE_RIM = 240 * 1024;
    private static final String DRIVER = "nvidia.rims." + NvidiaBoard.H100.driverRimId();
    private static final String GOOD =
            SoftwareRim.driver(Lab.NVIDIA, NvidiaBoard.H100).xml();
    private static final List<SoftwareGpu> GPUS = IntStream.range(0, DEVICES)
            .mapToObj(i -> Lab.NVIDIA.h100("hostile" + i))
            .toList();

    /** What is brought, under a name for people. */
    record Brought(String name, Map<String, List<Bytes>> slots) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Brought> brought() {
        String namespaces = IntStream.range(0, 60)
                .mapToObj(i -> " xmlns:a%d=\"b\"".formatted(i))
                .collect(Collectors.joining());
        String attributes = IntStream.range(0, 60)
                .mapToObj(i -> " a%d=\"&#10;&#13;\"".formatted(i))
                .collect(Collectors.joining());
        return Stream.of(
                rims("RIMs of white space", "          "),
                rims("RIMs of elements", "<a/>"),
                rims("RIMs of namespaces", "<a" + namespaces + "/>"),
                rims(
                        "RIMs of namespaces within others",
                        "<a" + namespaces + "><b" + namespaces.replace("a", "c").replace("xmlns:c", "xmlns:d") + ">"
                                + "<a xmlns:q='b'/>".repeat(1000) + "</b></a>"),
                rims("RIMs of attributes", "<a" + attributes + "/>"),
                rims("RIMs of character references", "&#13;&lt;"),
                new Brought("a RIM in many spellings", Map.of(DRIVER, spelt(16))),
                new Brought("a RIM in too many spellings", Map.of(DRIVER, spelt(120))),
                new Brought("a hundred thousand tiny RIMs", Map.of(DRIVER, times(100_000, "<a b='%d'/>"::formatted))),
                new Brought("long answers", Map.of("nvidia.ocsp", answers(true))),
                new Brought("answers that nobody signed", Map.of("nvidia.ocsp", answers(false))),
                new Brought("lists that nobody signed", Map.of("nvidia.crls", lists())),
                new Brought("what is no DER", Map.of("nvidia.crls", times(32, i -> i + "x".repeat(90_000)))));
    }

    private static List<Bytes> times(int count, IntFunction<String> text) {
        return IntStream.range(0, count)
                .mapToObj(i -> Bytes.utf8(text.apply(i)))
                .toList();
    }

    /** The good signature stays, so that all of the document is brought into canonical form and digested. */
    private static Brought rims(String name, String stuffing) {
        String stuffed = GOOD.replace(
                "</ns0:Payload>", stuffing.repeat((LARGE_RIM - GOOD.length()) / stuffing.length()) + "</ns0:Payload>");
        return new Brought(
                name, Map.of(DRIVER, times(12, i -> stuffed.replace("</ns0:Payload>", "<i" + i + "/></ns0:Payload>"))));
    }

    private static List<Bytes> spelt(int count) {
        return times(count, i -> GOOD.replaceFirst("<SoftwareIdentity", "<SoftwareIdentity" + " ".repeat(i + 1)));
    }

    private static List<Bytes> answers(boolean many) {
        var answers = new ArrayList<Bytes>();
        for (int i = 0; i < RevocationBrought.MAX_ANSWERS; i++) {
            SoftwareOcsp good = Lab.NVIDIA
                    .answersAbout(GPUS.getFirst().chip())
                    .get(i % 3)
                    .certificates(Collections.nCopies(
                            5,
                            Lab.NVIDIA
                                    .provisionerResponder(NvidiaArchitecture.HOPPER)
                                    .draft()
                                    .der()));
            Bytes other = Bytes.fromHex("%02x".formatted(i));
            answers.add(good.answers(many ? 50 : 1)
                    .signature(value -> Bytes.concat(other, value.slice(1, value.length())))
                    .der());
        }
        return answers;
    }

    private static List<Bytes> lists() {
        var lists = new ArrayList<Bytes>();
        for (int i = 0; i < RevocationBrought.MAX_LISTS; i++) {
            SoftwareCrl list = Lab.NVIDIA.identityCrlDraft(NvidiaArchitecture.HOPPER);
            for (int entry = 0; entry < 2_000; entry++) {
                list.revoking(i * 1_000_000L + entry);
            }
            Bytes der = list.der();
            lists.add(Judged.flipped(der, (der.length() - 3) * 8));
        }
        return lists;
    }

    @ParameterizedTest
    @MethodSource("brought")
    void whatIsBroughtIsReadOnceForAllDevices(Brought brought) throws EvidenceException {
        var scheme = Judged.SOFTWARE.scheme(DeviceKind.GPU);
        var evidence = new ArrayList<DeviceEvidence>();
        for (SoftwareGpu gpu : GPUS) {
            evidence.add(Judged.SOFTWARE.parse(DeviceKind.GPU, gpu.report(Lab.NONCE), Lab.chain(gpu.chip())));
        }
        Endorsements inHand = Endorsements.brought(brought.slots());
        long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int round = 0; round < ROUNDS; round++) {
            evidence.forEach(each -> scheme.wanted(each, inHand, Lab.AT));
        }
        int length = 0;
        for (DeviceEvidence each : evidence) {
            var found = scheme.authenticate(each, Judged.context(Lab.AT, inHand, Lab.NONCE));
            assertTrue(found.authenticity() != Authenticity.GENUINE);
            assertEquals(
                    "passed", Judged.outcome(found, GpuCheck.REPORT_SIGNATURE).word());
            length += found.report().checks().toString().length();
        }
        var took = Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began);
        assertTrue(took.compareTo(MOST) < 0, () -> "it took " + took);
        assertTrue(length < 4 * 1024 * 1024, "what is said about it has %d letters".formatted(length));
    }
}
