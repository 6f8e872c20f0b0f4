package io.countersign.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.testkit.Fixtures;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Authenticity;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing damaged is genuine, and no damage lets an exception out of authentication. */
class AuthenticationMutationTest {
    private static final long SEED = 57_230;
    private static final int MUTATIONS = 2_000;

    /** What is damaged. */
    enum Part {
        REPORT,
        CERTIFICATES,
        REVOCATION_LIST,
        ALL
    }

    @Test
    void undamagedEvidenceIsGenuine() {
        for (Fixtures.Case each : WholeEvidence.GENUINE) {
            assertEquals(
                    Optional.of(Authenticity.GENUINE),
                    WholeEvidence.judge(
                            each,
                            WholeEvidence.part(each, "report"),
                            WholeEvidence.part(each, "certificates"),
                            WholeEvidence.crl(each)),
                    each.name());
        }
    }

    @ParameterizedTest
    @EnumSource(Part.class)
    void damagedEvidenceIsNeverGenuine(Part part) {
        var random = new SplittableRandom(SEED);
        var reports = new Mutations(all("report"), random);
        var certificates = new Mutations(all("certificates"), random);
        var lists = new Mutations(
                WholeEvidence.GENUINE.stream()
                        .map(each -> WholeEvidence.crl(each).toByteArray())
                        .toList(),
                random);
        var endings = new EnumMap<Authenticity, Integer>(Authenticity.class);
        for (int i = 0; i < MUTATIONS; i++) {
            Fixtures.Case origin = WholeEvidence.GENUINE.get(i % WholeEvidence.GENUINE.size());
            Bytes report = part == Part.REPORT || part == Part.ALL
                    ? Bytes.copyOf(reports.next())
                    : WholeEvidence.part(origin, "report");
            Bytes brought = part == Part.CERTIFICATES || part == Part.ALL
                    ? Bytes.copyOf(certificates.next())
                    : WholeEvidence.part(origin, "certificates");
            Bytes list = part == Part.REVOCATION_LIST || part == Part.ALL
                    ? Bytes.copyOf(lists.next())
                    : WholeEvidence.crl(origin);
            WholeEvidence.judge(origin, report, brought, list)
                    .ifPresent(ending -> endings.merge(ending, 1, Integer::sum));
        }
        assertTrue(
                endings.getOrDefault(Authenticity.REJECTED, 0) > 10,
                () -> "hardly anything got as far as authentication: " + endings);
    }

    @Test
    void undamagedQuotesAreGenuine() {
        for (Fixtures.Case each : WholeQuote.GENUINE) {
            assertEquals(Optional.of(Authenticity.GENUINE), WholeQuote.judge(each, Map.of()), each.name());
        }
    }

    static List<String> partsOfQuotes() {
        return WholeQuote.PARTS;
    }

    @ParameterizedTest
    @MethodSource("partsOfQuotes")
    void damagedQuotesAndCollateralAreNeverGenuine(String part) {
        var damage = new Mutations(
                WholeQuote.GENUINE.stream()
                        .map(each -> WholeQuote.part(each, part).toByteArray())
                        .toList(),
                new SplittableRandom(SEED));
        var endings = new EnumMap<Authenticity, Integer>(Authenticity.class);
        for (int i = 0; i < MUTATIONS; i++) {
            Fixtures.Case origin = WholeQuote.GENUINE.get(i % WholeQuote.GENUINE.size());
            WholeQuote.judge(origin, Map.of(part, Bytes.copyOf(damage.next())))
                    .ifPresent(ending -> endings.merge(ending, 1, Integer::sum));
        }
        assertTrue(
                endings.getOrDefault(Authenticity.REJECTED, 0) > 10,
                () -> "hardly anything got as far as authentication: " + endings);
    }

    private static List<byte[]> all(String member) {
        return WholeEvidence.GENUINE.stream()
                .map(each -> WholeEvidence.part(each, member).toByteArray())
                .toList();
    }
}
