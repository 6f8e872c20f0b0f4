package io.countersign.client.machine;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.client.Bytes;
import io.countersign.client.Plain;
import io.countersign.client.StrictJson;
import io.countersign.client.machine.MachineException.Remedy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * NVIDIA's collector as a program: it gets the nonce in hex and prints one JSON object for each device, in an array or under
 * {@code evidences}. NVIDIA Attestation CLI, command reference, collect-evidence.
 */
public final class NvidiaCollector {
    /** Stands in the command for the nonce. */
    public static final String NONCE = "{nonce}";

    /** The contract's bound on the devices of a request. */
    private static final int MAX_DEVICES = 64;

    private final Device.Kind kind;
    private final List<String> command;
    private final Duration within;

    /** Takes program and arguments, one of them with {@link #NONCE} in it; no shell reads them. */
    public NvidiaCollector(Device.Kind kind, List<String> command, Duration within) {
        if (command.stream().noneMatch(word -> word.contains(NONCE))) {
            throw new IllegalArgumentException("the collector's command has no " + NONCE + " in it: " + command);
        }
        this.kind = kind;
        this.command = List.copyOf(command);
        this.within = within;
    }

    /** The command line of NVIDIA's nvattest. */
    public static NvidiaCollector nvattest(Device.Kind kind, Duration within) {
        return new NvidiaCollector(kind, usual(kind), within);
    }

    /** The words of that command line. */
    public static List<String> usual(Device.Kind kind) {
        return List.of("nvattest", "collect-evidence", "--device", kind.word(), "--format", "json", "--nonce", NONCE);
    }

    List<Device> collect(Bytes nonce) throws MachineException {
        List<String> words =
                command.stream().map(word -> word.replace(NONCE, nonce.hex())).toList();
        Bytes printed = Program.run(words, within);
        try {
            return devices(StrictJson.value(new String(printed.toByteArray(), StandardCharsets.UTF_8)), nonce);
        } catch (StrictJson.NotStrictException e) {
            throw failed(
                    "printed something else than JSON: " + e.getMessage(), "run it by hand and look at what it prints");
        }
    }

    private List<Device> devices(JsonNode printed, Bytes nonce) throws MachineException {
        JsonNode code = printed.path("result_code");
        if (!code.isMissingNode() && !(code.isIntegralNumber() && code.asLong(1) == 0)) {
            throw failed(
                    "reports result code " + Plain.line(code.asText()) + ": "
                            + Plain.line(printed.path("result_message").asText("without a message")),
                    "check that the driver is loaded and that the devices are in confidential mode");
        }
        JsonNode list = printed.isArray() ? printed : printed.path("evidences");
        if (!list.isArray()) {
            throw failed("printed no list of evidence", "run it by hand and look at what it prints");
        }
        if (list.isEmpty() || list.size() > MAX_DEVICES) {
            throw new MachineException(
                    Remedy.CHANGE,
                    name() + " found " + list.size() + " devices of the class " + kind.word() + "; expected are 1 to "
                            + MAX_DEVICES,
                    "check that the driver sees the devices, or do not ask for this class");
        }
        var devices = new ArrayList<Device>();
        for (JsonNode each : list) {
            devices.add(device(devices.size(), each, nonce));
        }
        return devices;
    }

    private Device device(int index, JsonNode each, Bytes nonce) throws MachineException {
        Optional<Bytes> evidence = StrictJson.text(each, "evidence").flatMap(Bytes::ofBase64);
        Optional<String> certificate = StrictJson.text(each, "certificate");
        if (evidence.isEmpty() || evidence.get().length() == 0 || certificate.isEmpty()) {
            throw failed(
                    "printed a device " + index + " without evidence in base64 or without a certificate",
                    "run it by hand and look at what it prints");
        }
        // Only a courtesy: the service reads the nonce in the signed report. But here it can still be told why.
        Optional<String> answered = StrictJson.text(each, "nonce");
        if (answered.isPresent() && !answered.get().toLowerCase(Locale.ROOT).equals(nonce.hex())) {
            throw failed(
                    "printed evidence for the nonce " + Plain.line(answered.get()) + " instead of " + nonce.hex(),
                    "let it collect anew each time instead of printing what it kept");
        }
        return new Device(
                kind,
                index,
                evidence.get(),
                certificate.get(),
                StrictJson.text(each, "arch").orElse(""));
    }

    private MachineException failed(String what, String hint) {
        return new MachineException(Remedy.RETRY, name() + " " + what, hint);
    }

    private String name() {
        return command.get(0);
    }
}
