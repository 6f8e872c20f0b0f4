package io.countersign.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.RsaKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Holds the committed fixtures to what the generator makes; run with {@code -Dgolden} it writes them. */
class FixturesAreCurrentTest {
    private static final String RENEW =
            "fixtures/ is not what the generator makes: run mvn test -Dtest=FixturesAreCurrentTest -Dgolden, and look at"
                    + " the difference before you commit it; file ";

    @BeforeAll
    static void renewWhenAsked() throws IOException {
        if (System.getProperty("golden") != null) {
            FixtureGenerator.write();
        }
    }

    @Test
    void everyFixtureIsWhatTheGeneratorMakesByteForByte() throws IOException {
        var made = FixtureGenerator.contents();
        for (var file : made.entrySet()) {
            Path path = FixtureFolder.root().resolve(file.getKey());
            assertTrue(Files.exists(path), RENEW + path);
            assertEquals(file.getValue(), Files.readString(path), RENEW + path);
        }
        try (Stream<Path> paths = Files.walk(FixtureFolder.root().resolve("sev-snp"))) {
            var found = paths.filter(Files::isRegularFile)
                    .map(path -> FixtureFolder.root().relativize(path).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(
                    made.keySet().stream()
                            .filter(name -> name.startsWith("sev-snp/"))
                            .collect(Collectors.toCollection(TreeSet::new)),
                    found);
        }
    }

    @Test
    void everyCaseSaysWhatMustComeOut() {
        var cases = Fixtures.cases("sev-snp");
        assertTrue(cases.size() >= 50);
        for (Fixtures.Case read : cases) {
            var expected = read.expected();
            assertTrue(expected.problem().isPresent() != expected.authenticity().isPresent(), read.name());
            boolean rejected = expected.authenticity().equals(java.util.Optional.of("rejected"));
            assertEquals(rejected, expected.checks().containsValue("failed"), read.name());
            assertTrue(SnpCase.CHECKS.containsAll(expected.checks().keySet()), read.name());
        }
    }

    /** Twelve keys of about a second each, hence on demand: {@code -Dcountersign.slow}. */
    @Test
    @EnabledIfSystemProperty(named = "countersign.slow", matches = ".*")
    void everyKeyFileIsDerivedFromTheSeed() {
        for (String name : SoftwareAmds.rsaKeyNames()) {
            RsaKey derived = SoftwareAmds.deriveRsaKey(name);
            assertEquals(FixtureKeys.text(derived), FixtureFolder.read(SoftwareAmds.rsaKeyFile(name)), name);
        }
    }
}
