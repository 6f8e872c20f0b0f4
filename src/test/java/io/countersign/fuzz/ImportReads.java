package io.countersign.fuzz;

import io.countersign.imports.ImportException;
import io.countersign.imports.Imported;
import io.countersign.imports.SnpMeasurements;
import io.countersign.imports.TdxMeasurements;
import io.countersign.imports.ValuesFileText;
import io.countersign.imports.corim.CorimKey;
import io.countersign.imports.corim.MadeCorim;
import io.countersign.imports.corim.SignedCorim;
import io.countersign.verifier.bytes.Bytes;
import java.time.LocalDate;
import java.util.List;

/** What reads reference values from elsewhere. */
final class ImportReads {
    private static final CorimKey KEY = CorimKey.p256();
    private static final ValuesFileText.Heading HEADING =
            new ValuesFileText.Heading("fuzz", "1", "Damaged.", LocalDate.EPOCH, "a test");

    private ImportReads() {}

    /** As it came, and as the payload of a good signature, so that damage reaches what is behind it. */
    static Target.Ending corim(Bytes input) {
        Target.Ending asIs = signedCorim(input);
        Target.Ending within = signedCorim(MadeCorim.amd().signed(KEY, input.toByteArray()));
        return within == Target.Ending.ACCEPTED ? within : asIs;
    }

    private static Target.Ending signedCorim(Bytes input) {
        try {
            return written(SignedCorim.read("fuzz.corim", input, KEY.pinned(), MadeCorim.AT));
        } catch (ImportException e) {
            return Target.refused(e);
        }
    }

    static Target.Ending measurements(Bytes input) {
        Target.Ending snp;
        try {
            snp = written(SnpMeasurements.read("fuzz", input, SnpMeasurements.Kind.LAUNCH_MEASUREMENT));
        } catch (ImportException e) {
            snp = Target.refused(e);
        }
        try {
            return written(TdxMeasurements.read("fuzz", input));
        } catch (ImportException e) {
            return snp == Target.Ending.ACCEPTED ? snp : Target.refused(e);
        }
    }

    private static Target.Ending written(Imported imported) throws ImportException {
        ValuesFileText.write(HEADING, imported);
        return Target.Ending.ACCEPTED;
    }

    static List<byte[]> corims() {
        return List.of(
                MadeCorim.amd().payload(),
                MadeCorim.amd().signed(KEY).toByteArray(),
                Bytes.fromHex("81".repeat(2_000)).toByteArray(),
                Bytes.fromHex("d901f4".repeat(2_000)).toByteArray());
    }

    static List<byte[]> lists() {
        String digest = "5f".repeat(48);
        return List.of(
                Seeds.utf8("# images\nimage 2026.11: %s\n%s  other\n".formatted(digest, "6e".repeat(48))),
                Seeds.utf8("{\"one\": \"%s\", \"two\": {\"measurement\": \"%s\"}}".formatted(digest, digest)),
                Seeds.utf8("[{\"name\": \"a\", \"launch_digest\": \"%s\"}]".formatted(digest)),
                Seeds.utf8("name: a\nMRTD: %s\nRTMR[1] = %s\nMRTD: %s\n".formatted(digest, digest, digest)),
                Seeds.utf8("[{\"mr_td\": \"%s\", \"rtmrs\": [\"\", \"%s\"]}]".formatted(digest, digest)),
                Seeds.utf8("[".repeat(5_000)));
    }
}
