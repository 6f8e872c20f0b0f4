package io.countersign.insecure;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/**
 * A confidential machine that exists only on disk, for trying boot clients: its kernel interface is a folder, its GPUs are a
 * command, and what a service without a network needs to know is a file.
 */
public final class DiskMachine implements AutoCloseable {
    private static final Bytes VCEK_GUID = Bytes.fromHex("63da758de6644564adc5f4b93be8accd");
    private static final int TABLE_HEADER = 48;

    private final Path folder;
    private final ObjectNode endorsements = JsonNodeFactory.instance.objectNode();
    private final DiskReports reports;
    private final DiskCollector collector;

    /** Which CPU is played. */
    public enum Cpu {
        SEV_SNP,
        /** Launched so that its host may debug it. */
        SEV_SNP_WITH_DEBUG,
        TDX
    }

    /** Whose hardware it is. */
    public record Makers(DemoAttester amd, DemoTd td, DemoGpus gpus) {
        /** Makers that begin and end with this process. */
        public static Makers start(SecureRandom random, Instant now) {
            return new Makers(DemoAttester.start(random, now), DemoTd.start(random, now), DemoGpus.start(random, now));
        }

        /** The text of the file that {@code countersign.insecure.anchors} names. */
        public String anchorsPem() {
            return String.join("\n", amd.anchorsPem(), td.anchorsPem(), gpus.anchorsPem());
        }

        /** Policies that pin what the machines run, by id: the first for those without GPUs, the second for those with. */
        public SequencedMap<String, String> policies() {
            return DemoPolicy.pinning(amd, td);
        }
    }

    private DiskMachine(Path folder, Makers makers, Cpu cpu, DemoGpus.Setup gpus) throws IOException {
        this.folder = folder;
        this.collector = new DiskCollector(folder, nonce -> collected(makers, nonce, gpus));
        DemoAttester.Members amd = makers.amd().attest(Bytes.zeros(64), UnaryOperator.identity());
        endorsements.putObject("amd").put("crl", amd.crl());
        DemoTd.Members td = makers.td().attest(Bytes.zeros(64), DemoTd.Platform.UP_TO_DATE);
        td.endorsements().forEach(endorsements.putObject("intel")::put);
        write();
        this.reports = switch (cpu) {
            case SEV_SNP -> amd(makers, UnaryOperator.identity());
            case SEV_SNP_WITH_DEBUG -> amd(makers, report -> report.policyDebug(true));
            case TDX ->
                new DiskReports(
                        tsm(),
                        "tdx_guest",
                        Bytes.empty(),
                        asked -> unbase64Url(makers.td()
                                .attest(asked, DemoTd.Platform.UP_TO_DATE)
                                .quote()));
        };
    }

    /** Plays a machine in this folder until it is closed. */
    public static DiskMachine start(Path folder, Makers makers, Cpu cpu, DemoGpus.Setup gpus) throws IOException {
        return new DiskMachine(Files.createDirectories(folder).toAbsolutePath(), makers, cpu, gpus);
    }

    private DiskReports amd(Makers makers, UnaryOperator<SoftwareReport> changes) throws IOException {
        return new DiskReports(
                tsm(),
                "sev_guest",
                certificateTable(makers.amd().vcek().toByteArray()),
                asked -> unbase64Url(makers.amd().attest(asked, changes).report()));
    }

    /** As the hypervisor hands it to the guest: GHCB specification 2.03, section 4.1.8.1. */
    private static Bytes certificateTable(byte[] vcek) {
        return Bytes.copyOf(ByteBuffer.allocate(TABLE_HEADER + vcek.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(VCEK_GUID.toByteArray())
                .putInt(TABLE_HEADER)
                .putInt(vcek.length)
                .position(TABLE_HEADER)
                .put(vcek)
                .array());
    }

    private List<DemoGpus.Device> collected(Makers makers, Bytes nonce, DemoGpus.Setup setup) {
        DemoGpus.Members members = makers.gpus().attest(nonce, setup);
        var nvidia = endorsements.putObject("nvidia");
        members.rims().forEach(nvidia.putObject("rims")::put);
        members.ocsp().forEach(nvidia.putArray("ocsp")::add);
        try {
            write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return members.devices();
    }

    private void write() throws IOException {
        Path draft = Files.writeString(folder.resolve("endorsements.json.new"), endorsements.toString());
        Files.move(draft, endorsements(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** What a client takes for {@code /sys/kernel/config/tsm/report}. */
    public Path tsm() {
        return folder.resolve("tsm").resolve("report");
    }

    /** The command that collects the GPUs' evidence. */
    public Path collector() {
        return folder.resolve("bin").resolve("collect-gpus");
    }

    /** What a service without a network cannot know by itself: the {@code endorsements} of a request. */
    public Path endorsements() {
        return folder.resolve("endorsements.json");
    }

    private static Bytes unbase64Url(String text) {
        return Bytes.copyOf(Base64.getUrlDecoder().decode(text));
    }

    @Override
    public void close() {
        reports.close();
        collector.close();
    }
}
