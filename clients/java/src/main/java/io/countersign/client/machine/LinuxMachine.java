package io.countersign.client.machine;

import io.countersign.client.Bytes;
import io.countersign.client.machine.MachineException.Remedy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A confidential guest under Linux: configfs-tsm for the CPU, NVIDIA's collector for GPUs and switches. */
public final class LinuxMachine implements Machine {
    /** Where Linux exposes the log area that the ACPI table CCEL points to. */
    public static final Path CCEL = Path.of("/sys/firmware/acpi/tables/data/CCEL");

    private static final int MAX_EVENT_LOG = 1024 * 1024;

    private final ConfigfsTsm tsm;
    private final List<NvidiaCollector> collectors;
    private final Optional<Path> eventLog;

    /** The event log is read where the file is there; an empty place means that none is sent. */
    public LinuxMachine(ConfigfsTsm tsm, List<NvidiaCollector> collectors, Optional<Path> eventLog) {
        this.tsm = tsm;
        this.collectors = List.copyOf(collectors);
        this.eventLog = eventLog;
    }

    @Override
    public List<Device> devices(Bytes nonce) throws MachineException {
        var devices = new ArrayList<Device>();
        for (NvidiaCollector collector : collectors) {
            devices.addAll(collector.collect(nonce));
        }
        return Device.inOrder(devices);
    }

    @Override
    public Cpu cpu(Bytes reportData) throws MachineException {
        ConfigfsTsm.Report report = tsm.report(reportData);
        return switch (report.provider()) {
            case "sev_guest" ->
                // A host without certificates hands out an empty table or one of zeros: the service then fetches the
                // VCEK.
                new Cpu.SevSnp(
                        report.outblob(),
                        Optional.of(report.auxblob()).filter(table -> table.length() > 0 && !table.isZero()));
            case "tdx_guest" -> new Cpu.Tdx(report.outblob(), eventLog());
            default ->
                throw new MachineException(
                        Remedy.CHANGE,
                        "configfs-tsm is provided by " + report.provider() + " here",
                        "this client knows sev_guest (SEV-SNP) and tdx_guest (TDX)");
        };
    }

    private Optional<Bytes> eventLog() throws MachineException {
        if (eventLog.isEmpty() || !Files.exists(eventLog.get())) {
            return Optional.empty();
        }
        try (var in = Files.newInputStream(eventLog.get())) {
            byte[] log = in.readNBytes(MAX_EVENT_LOG + 1);
            if (log.length > MAX_EVENT_LOG) {
                throw new MachineException(
                        Remedy.CHANGE,
                        "the event log " + eventLog.get() + " is longer than " + MAX_EVENT_LOG + " bytes",
                        "name the right file, or send none");
            }
            return log.length == 0 ? Optional.empty() : Optional.of(Bytes.of(log));
        } catch (IOException e) {
            throw new MachineException(
                    Remedy.CHANGE,
                    "the event log " + eventLog.get() + " cannot be read",
                    "run as root, who alone may read it, or send none");
        }
    }
}
