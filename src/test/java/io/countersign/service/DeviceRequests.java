package io.countersign.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.verifier.tee.nvgpu.Devices;
import io.countersign.verifier.tee.nvgpu.Devices.Capture;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import java.util.List;

/** Requests made of genuine GPUs and switches. */
final class DeviceRequests {
    /** The RIMs of Hopper GPUs that are here were signed for the years 2023 to 2025, the tampered one until January 2. */
    private static final String WHEN_HOPPER_RIMS_WERE_VALID = "2025-01-01T00:00:00Z";

    private static final String OTHERWISE = "2026-06-01T00:00:00Z";

    private DeviceRequests() {}

    static String label(Capture device) {
        return switch (device.kind()) {
            case GPU -> "gpu0";
            case NVSWITCH -> "nvswitch0";
        };
    }

    /** A request for baseline, without evidence yet, as of a time when the RIMs of this device were valid. */
    static ObjectNode at(Capture device) {
        boolean hopperRims =
                device.kind() == DeviceKind.GPU && !device.rimFiles().isEmpty();
        return JsonNodeFactory.instance
                .objectNode()
                .put("policy", "baseline")
                .put("binding", "none")
                .put("at", hopperRims ? WHEN_HOPPER_RIMS_WERE_VALID : OTHERWISE);
    }

    static ObjectNode device(Capture device) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", type(device))
                .put("evidence", Machine.base64(device.report()))
                .put("certificate", Machine.base64(device.chain()));
    }

    private static String type(Capture device) {
        return switch (device.kind()) {
            case GPU -> "nvidia-gpu";
            case NVSWITCH -> "nvidia-nvswitch";
        };
    }

    /** One device that brings nothing else. */
    static ObjectNode bare(Capture device) {
        ObjectNode body = at(device);
        body.putObject("evidence").set(label(device), device(device));
        return body;
    }

    /** One device with every RIM that the manifest compares it with, under the ids that its report asks for. */
    static ObjectNode alone(Capture device) {
        ObjectNode body = bare(device);
        for (String file : device.rimFiles()) {
            bringRim(body, device.text(isOfDriver(file) ? "driver_rim_id" : "vbios_rim_id"), file);
        }
        return body;
    }

    private static boolean isOfDriver(String file) {
        return file.startsWith("Driver_RIM") || file.startsWith("NV_GPU_DRIVER");
    }

    /** Brings a file under an id. */
    static void bringRim(ObjectNode body, String id, String file) {
        body.withObject("/endorsements/nvidia/rims").put(id, Machine.base64(Devices.file(file)));
    }

    /** The device's object in NVIDIA's JSON with its type added, and nothing else done to it. */
    static ObjectNode asNvidiaWritesIt(Capture device) {
        int place = Integer.parseInt(device.name().substring(device.file().length() + 1));
        var written =
                (ObjectNode) Http.parse(Devices.file(device.file()).toUtf8()).get(place);
        return written.put("type", type(device));
    }

    /** The first GPUs and switches of the one machine in protected-PCIe mode, as NVIDIA's tools wrote them. */
    static ObjectNode protectedPcie(int gpus, int switches) {
        List<Capture> allGpus = Devices.ofFile("ppcie_gpu_evidence.json");
        List<Capture> allSwitches = Devices.ofFile("ppcie_switch_evidence.json");
        ObjectNode body = at(allGpus.getFirst());
        ObjectNode evidence = body.putObject("evidence");
        for (int i = 0; i < gpus; i++) {
            evidence.set("gpu" + i, asNvidiaWritesIt(allGpus.get(i)));
        }
        for (int i = 0; i < switches; i++) {
            evidence.set("nvswitch" + i, asNvidiaWritesIt(allSwitches.get(i)));
        }
        return body;
    }
}
