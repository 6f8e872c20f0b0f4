package io.countersign.verifier.tee.tdx.eventlog;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.Claims;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The genuine logs, read where they lie, and the short way from a log to its claims. */
final class Logs {
    private static final Path FOLDER =
            Path.of(System.getProperty("countersign.evidence", "../shared/evidence"), "intel-tdx");

    /** One entry of the manifest's event_log_checks. */
    record Capture(String file, JsonNode entry) {
        Bytes raw() {
            return Logs.read(file);
        }

        /** RTMR0 to RTMR3 of the quote or TD report that was captured with the log. */
        Optional<List<Bytes>> paired() {
            if (entry.hasNonNull("paired_quote")) {
                // Quote version 4: the TD report body begins at 48, RTMR0 at 328 of it.
                return Optional.of(rtmrs(Logs.read(entry.get("paired_quote").asText()), 48 + 328));
            }
            if (entry.hasNonNull("paired_tdreport")) {
                return Optional.of(rtmrs(Logs.read(entry.get("paired_tdreport").asText()), 720));
            }
            return Optional.empty();
        }

        @Override
        public String toString() {
            return file;
        }
    }

    private Logs() {}

    static List<Capture> all() {
        try {
            JsonNode manifest =
                    new ObjectMapper().readTree(read("MANIFEST.json").toUtf8());
            return StreamSupport.stream(manifest.get("event_log_checks").spliterator(), false)
                    .map(entry -> new Capture(entry.get("file").asText(), entry))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Bytes read(String file) {
        Path path = FOLDER.resolve(file);
        assumeTrue(Files.exists(path), () -> "no genuine captures at " + FOLDER + ": set -Dcountersign.evidence");
        try {
            return Bytes.copyOf(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Bytes> rtmrs(Bytes from, int offset) {
        return List.of(
                from.slice(offset, offset + 48),
                from.slice(offset + 48, offset + 96),
                from.slice(offset + 96, offset + 144),
                from.slice(offset + 144, offset + 192));
    }

    /** The claims of a log against registers that it replays to. */
    static Claims claims(Bytes raw) throws EvidenceException {
        EventLog log = EventLog.parse(raw);
        return claims(log, log.rtmrs().orElseThrow());
    }

    static Claims claims(EventLog log, List<Bytes> quoted) {
        var claims = Claims.of(new ClaimCatalogue(EventLogClaims.definitions()));
        EventLogClaims.fill(log, EventLogJudge.judge(Optional.of(log), quoted), claims);
        return claims.build();
    }

    static Optional<Object> claim(Claims claims, String name) {
        return claims.find("tdx.event_log." + name);
    }

    static Outcome judge(Bytes raw, List<Bytes> quoted) throws EvidenceException {
        return EventLogJudge.judge(Optional.of(EventLog.parse(raw)), quoted);
    }
}
