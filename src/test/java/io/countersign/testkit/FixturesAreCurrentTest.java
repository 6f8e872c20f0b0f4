package io.countersign.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.RsaKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
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
        for (String folder : FixtureGenerator.FOLDERS.keySet()) {
            try (Stream<Path> paths = Files.walk(FixtureFolder.root().resolve(folder))) {
                var found = paths.filter(Files::isRegularFile)
                        .map(path -> FixtureFolder.root().relativize(path).toString())
                        .collect(Collectors.toCollection(TreeSet::new));
                assertEquals(
                        made.keySet().stream()
                                .filter(name -> name.startsWith(folder + "/"))
                                .collect(Collectors.toCollection(TreeSet::new)),
                        found);
            }
        }
    }

    @Test
    void everyCaseThatTheReadmeNamesIsThere() {
        var named = Pattern.compile("`((?:sev-snp|intel-tdx|intel-sgx|nvidia-gpu)/[a-z0-9.-]+)`")
                .matcher(FixtureFolder.read(FixtureFolder.root().resolve("README.md")))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertTrue(named.size() > 40);
        for (String name : named) {
            assertTrue(Files.exists(FixtureFolder.root().resolve(name).resolve("case.json")), name);
        }
    }

    static List<Fixtures.Case> everyCase() {
        return FixtureGenerator.FOLDERS.keySet().stream()
                .flatMap(folder -> Fixtures.cases(folder).stream())
                .toList();
    }

    @Test
    void everyCaseSaysWhatMustComeOut() {
        var known = new HashSet<>(SnpCase.CHECKS);
        known.addAll(IntelCase.AUTHENTICITY);
        known.addAll(List.of("tdx.tcb", "tdx.event-log"));
        known.addAll(NvidiaVerdict.AUTHENTICITY);
        known.addAll(NvidiaVerdict.APPRAISAL);
        known.addAll(NvidiaVerdict.COMPOSITE);
        assertTrue(everyCase().size() >= 500);
        for (Fixtures.Case read : everyCase()) {
            var expected = read.expected();
            assertTrue(expected.problem().isPresent() != expected.authenticity().isPresent(), read.name());
            boolean rejected = expected.authenticity().equals(Optional.of("rejected"));
            boolean fails = expected.checks().entrySet().stream()
                    .filter(check ->
                            !check.getKey().equals("tdx.tcb") && !check.getKey().equals("tdx.event-log"))
                    .filter(check -> !NvidiaVerdict.APPRAISAL.contains(check.getKey())
                            && !NvidiaVerdict.COMPOSITE.contains(check.getKey()))
                    .anyMatch(check -> check.getValue().equals("failed"));
            assertEquals(rejected, fails, read.name());
            assertTrue(known.containsAll(expected.checks().keySet()), read.name());
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
