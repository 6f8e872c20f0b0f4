package io.countersign.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.clients.BootClient.Ran;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A service, a kernel and a client on it, for each test. */
abstract class BootTest {
    static final String AUDIENCE = "https://kms.example";

    Path folder;
    StubService service;
    PlayedKernel kernel;
    BootClient client;

    @BeforeEach
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        client = BootClient.in(folder);
        service = StubService.start();
        kernel = PlayedKernel.start(folder);
    }

    @AfterEach
    void close() {
        if (service != null) {
            service.close();
        }
        if (kernel != null) {
            kernel.close();
        }
    }

    Ran attest(String... options) throws IOException, InterruptedException {
        return client.run("attest", options(options));
    }

    /** What every attestation needs; an option that is given again wins. */
    String[] options(String... more) {
        var all = new ArrayList<>(List.of("--service", service.address(), "--insecure-http", "--audience", AUDIENCE));
        all.addAll(List.of("--tsm-entry", kernel.entry().toString(), "--timeout", "10"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    static void assertEnds(int exit, Ran ran, String... saying) {
        assertEquals(exit, ran.exit(), ran.output());
        for (String each : saying) {
            assertTrue(ran.output().contains(each), () -> "\"%s\" is not in: %s".formatted(each, ran.output()));
        }
    }
}
