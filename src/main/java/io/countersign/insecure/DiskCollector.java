package io.countersign.insecure;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Plays NVIDIA's collector: a command that takes a nonce in hex and prints every GPU's evidence as NVIDIA's tools do. */
final class DiskCollector implements AutoCloseable {
    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{64}");

    private final Path asked;
    private final Path answered;
    private final Function<Bytes, List<DemoGpus.Device>> devices;
    private volatile boolean closed;

    /**
     * Writes the command and waits to be asked.
     *
     * @param devices their answers to a nonce of 32 bytes
     */
    DiskCollector(Path folder, Function<Bytes, List<DemoGpus.Device>> devices) throws IOException {
        this.asked = folder.resolve("gpus.asked");
        this.answered = folder.resolve("gpus.answered");
        this.devices = devices;
        DiskPipe.make(asked, folder);
        DiskPipe.make(answered, folder);
        Path command = Files.createDirectories(folder.resolve("bin")).resolve("collect-gpus");
        Files.writeString(command, """
                #!/bin/sh
                # Prints the evidence of the played GPUs; the nonce in hex is the last argument.
                for nonce; do :; done
                printf '%%s\\n' "$nonce" >'%s' && cat '%s'
                """.formatted(asked, answered));
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
        Thread.ofPlatform().daemon().name("gpus").start(this::serve);
    }

    private void serve() {
        try {
            while (!closed) {
                String nonce =
                        Files.readString(asked, StandardCharsets.US_ASCII).trim();
                Files.writeString(answered, answer(nonce));
            }
        } catch (IOException e) {
            if (!closed) {
                System.err.println("the GPUs are played no longer: " + e.getMessage());
            }
        }
    }

    private String answer(String nonce) {
        if (!NONCE.matcher(nonce).matches()) {
            return "the nonce is 64 hex digits\n";
        }
        var array = JsonNodeFactory.instance.arrayNode();
        for (DemoGpus.Device device : devices.apply(Bytes.fromHex(nonce))) {
            array.addObject()
                    .put("arch", device.arch())
                    .put("nonce", nonce)
                    .put(
                            "evidence",
                            Base64.getEncoder().encodeToString(device.evidence().toByteArray()))
                    .put("certificate", device.certificate());
        }
        return array + "\n";
    }

    @Override
    public void close() {
        closed = true;
    }
}
