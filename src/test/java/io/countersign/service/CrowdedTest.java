package io.countersign.service;

import static io.countersign.service.RequestBodies.APPRAISALS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A full queue of fetches is said at once, and is no mistake of the service's own. */
@QuarkusTest
@TestProfile(Crowded.class)
class CrowdedTest {
    private static final int CHIP_ID = 0x1A0;

    @Test
    void requestThatFindsTheQueueFullIsToldToComeBack() throws Exception {
        var first = CompletableFuture.supplyAsync(() -> Http.post(APPRAISALS, ofChip(1)));
        try (var underWay = Crowded.SILENT.accept()) {
            assertTrue(underWay.isConnected());
            Answer second = Http.post(APPRAISALS, ofChip(2)).problem(503, "endorsement-unavailable");
            assertTrue(Integer.parseInt(second.header("retry-after")) >= 1);
            assertEquals(1, Metrics.refused("outbound"));
            assertEquals(1, Metrics.of("countersign_endorsement_inflight{vendor=\"amd-kds\"}"));
            Answer explained = first.get().ok();
            assertEquals("undetermined", explained.outcomes().get("snp.vek-chain"));
        }
    }

    /** A report without a certificate, of a chip that nobody has asked for yet. */
    private static ObjectNode ofChip(int number) {
        ObjectNode body = RequestBodies.unbound();
        ObjectNode cpu = RequestBodies.cpu(body);
        cpu.remove("certificates");
        body.remove("endorsements");
        byte[] report = Base64.getUrlDecoder().decode(cpu.get("report").textValue());
        report[CHIP_ID] = (byte) number;
        cpu.put("report", Base64.getUrlEncoder().withoutPadding().encodeToString(report));
        return body;
    }
}
