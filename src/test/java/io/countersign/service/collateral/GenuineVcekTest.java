package io.countersign.service.collateral;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.AmdEndorsementRef;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Genuine VCEKs are kept under the chip and TCB of their own report, and under no other. */
class GenuineVcekTest {
    private static final Path EVIDENCE = Path.of(System.getProperty("countersign.evidence", "../shared/evidence"));
    private static final Path SNP = EVIDENCE.resolve("sev-snp");

    private record Capture(String id, AmdEndorsementRef.Vcek ref, Bytes certificate) {}

    private static List<Capture> captures = List.of();

    @BeforeAll
    static void read() throws IOException {
        assumeTrue(
                Files.exists(SNP.resolve("MANIFEST.json")),
                "no captures at " + SNP + ": set -Dcountersign.evidence to their folder");
        var found = new ArrayList<Capture>();
        for (JsonNode entry : new ObjectMapper()
                .readTree(SNP.resolve("MANIFEST.json").toFile())
                .path("entries")) {
            JsonNode expected = entry.path("expected");
            boolean own = expected.path("cert_kind").asText().equals("vcek")
                    && expected.path("tcb_extensions_match").asBoolean()
                    && expected.path("hwid_matches_chip_id").asBoolean();
            if (own) {
                found.add(capture(entry));
            }
        }
        captures = List.copyOf(found);
    }

    private static Capture capture(JsonNode entry) throws IOException {
        Product product = Product.valueOf(entry.path("product").asText().toUpperCase(Locale.ROOT));
        JsonNode fields = entry.path("fields");
        Bytes chip = Bytes.fromHex(fields.path("chip_id").asText());
        SnpTcb tcb = SnpTcb.decode(Bytes.fromHex(fields.path("reported_tcb_hex").asText()), product);
        String file = StreamSupport.stream(entry.path("files").spliterator(), false)
                .filter(each -> each.path("role").asText().equals("vcek"))
                .map(each -> each.path("file").asText())
                .findFirst()
                .orElseThrow();
        return new Capture(
                entry.path("id").asText(),
                new AmdEndorsementRef.Vcek(product, chip.slice(0, product.hardwareIdLength()), tcb),
                Bytes.copyOf(Files.readAllBytes(SNP.resolve(file))));
    }

    @Test
    void fitsItsOwnChipAndTcb() {
        assertTrue(captures.size() >= 15, "only " + captures.size() + " captures");
        for (Capture capture : captures) {
            assertInstanceOf(Reading.Fits.class, AmdReadings.read(capture.ref(), capture.certificate()), capture.id());
        }
    }

    @Test
    void fitsNoOtherChipTcbOrProduct() {
        for (Capture capture : captures) {
            var ref = capture.ref();
            for (AmdEndorsementRef.Vcek other : others(ref)) {
                assertInstanceOf(
                        Reading.Misfit.class,
                        AmdReadings.read(other, capture.certificate()),
                        capture.id() + " for " + other);
            }
        }
    }

    private static List<AmdEndorsementRef.Vcek> others(AmdEndorsementRef.Vcek ref) {
        int length = ref.hardwareId().length();
        Bytes otherChip = Bytes.concat(ref.hardwareId().slice(0, length - 1), Bytes.copyOf((byte)
                (ref.hardwareId().u8(length - 1) ^ 1)));
        var others = new ArrayList<AmdEndorsementRef.Vcek>();
        others.add(new AmdEndorsementRef.Vcek(ref.product(), otherChip, ref.tcb()));
        others.add(new AmdEndorsementRef.Vcek(
                ref.product() == Product.MILAN ? Product.GENOA : Product.MILAN, ref.hardwareId(), ref.tcb()));
        otherTcbs(ref.tcb())
                .forEach(tcb -> others.add(new AmdEndorsementRef.Vcek(ref.product(), ref.hardwareId(), tcb)));
        return others;
    }

    private static List<SnpTcb> otherTcbs(SnpTcb tcb) {
        int b = tcb.bootloader();
        int t = tcb.tee();
        int s = tcb.snp();
        int m = tcb.microcode();
        Bytes none = tcb.reserved();
        return switch (tcb) {
            case SnpTcb.Classic _ ->
                List.of(
                        new SnpTcb.Classic(b + 1, t, s, m, none),
                        new SnpTcb.Classic(b, t + 1, s, m, none),
                        new SnpTcb.Classic(b, t, s + 1, m, none),
                        new SnpTcb.Classic(b, t, s, m + 1, none));
            case SnpTcb.WithFmc turin ->
                List.of(
                        new SnpTcb.WithFmc(turin.fmcLevel() + 1, b, t, s, m, none),
                        new SnpTcb.WithFmc(turin.fmcLevel(), b + 1, t, s, m, none),
                        new SnpTcb.WithFmc(turin.fmcLevel(), b, t + 1, s, m, none),
                        new SnpTcb.WithFmc(turin.fmcLevel(), b, t, s + 1, m, none),
                        new SnpTcb.WithFmc(turin.fmcLevel(), b, t, s, m + 1, none));
        };
    }
}
