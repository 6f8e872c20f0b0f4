package io.countersign.service.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyIssue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is in use after each change of the files. */
class PolicyBookTest {
    private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");

    private final Set<String> failingTests = new HashSet<>();
    private final Map<String, Candidate> files = new TreeMap<>();
    private Map<String, String> shipped = Map.of();
    private PolicyBook book = PolicyBook.empty();
    private Instant now = START;

    private void read() {
        var compiler = new PolicyCompiler(Core.POLICIES, this::objections);
        book = NextBook.of(compiler, shipped, files, book, now);
        now = now.plusSeconds(60);
    }

    private List<PolicyIssue> objections(String file, AppraisalPolicy policy) {
        return failingTests.contains(
                        policy.identity().id() + " " + policy.identity().version())
                ? List.of(FileIssues.error(file, "a test fails", ""))
                : List.of();
    }

    private void write(String file, String text) {
        files.put(file, new Candidate.Text(text));
    }

    private void ship(String id, String version) {
        shipped = new LinkedHashMap<>(shipped);
        shipped.put(ShippedPolicies.file(id), Texts.policy(id, version));
    }

    /** What is in use: "id version", sorted. */
    private List<String> inUse() {
        return book.loaded().values().stream()
                .map(each -> each.content().identity())
                .map(identity -> identity.id() + " " + identity.version())
                .sorted()
                .toList();
    }

    private PolicyBook.Loaded loaded(String file) {
        return book.at(file).orElseThrow();
    }

    private PolicyBook.RefusedText refused(String file) {
        return Optional.ofNullable(book.refused().get(file)).orElseThrow();
    }

    private Set<String> refused() {
        return book.refused().keySet();
    }

    @Test
    void everyGoodFileIsInUseAndABrokenOneIsRefusedAlone() {
        write("a.yaml", Texts.policy("a", "1"));
        write("b.yaml", Texts.broken("b", "1"));
        write("c.yaml", Texts.child("c", "1", "a"));
        read();
        assertEquals(List.of("a 1", "c 1"), inUse());
        assertEquals(Set.of("b.yaml"), refused());
        assertEquals(7, refused("b.yaml").refusal().issues().getFirst().line() - 1);
    }

    @Test
    void theLastGoodVersionStaysUntilANewOneIsGood() {
        write("a.yaml", Texts.policy("a", "1"));
        read();
        write("a.yaml", Texts.broken("a", "2"));
        read();
        assertEquals(List.of("a 1"), inUse());
        assertEquals(START.plusSeconds(60), refused("a.yaml").refusal().since());
        write("a.yaml", Texts.policy("a", "3"));
        read();
        assertEquals(List.of("a 3"), inUse());
        assertEquals(Set.of(), refused());
    }

    @Test
    void puttingTheOldFileBackIsARollback() {
        write("a.yaml", Texts.policy("a", "1"));
        read();
        var digest = loaded("a.yaml").content().identity();
        write("a.yaml", Texts.policy("a", "2"));
        read();
        assertNotEquals(digest, loaded("a.yaml").content().identity());
        write("a.yaml", Texts.policy("a", "1"));
        read();
        assertEquals(digest, loaded("a.yaml").content().identity());
    }

    @Test
    void aTextThatIsNoYamlKeepsTheLastGoodVersion() {
        write("a.yaml", Texts.policy("a", "1"));
        read();
        write("a.yaml", "policy: [");
        read();
        assertEquals(List.of("a 1"), inUse());
        assertEquals("a", refused("a.yaml").id());
    }

    @Test
    void whatHasNotChangedKeepsItsTime() {
        write("a.yaml", Texts.policy("a", "1"));
        write("b.yaml", Texts.broken("b", "1"));
        read();
        read();
        assertEquals(START, loaded("a.yaml").since());
        assertEquals(START, refused("b.yaml").refusal().since());
    }

    @Test
    void aRemovedFileTakesItsPolicyWithIt() {
        write("a.yaml", Texts.policy("a", "1"));
        write("b.yaml", Texts.policy("b", "1"));
        read();
        files.remove("a.yaml");
        read();
        assertEquals(List.of("b 1"), inUse());
    }

    @Test
    void whatDrawsInARemovedPolicyStaysAsItWasAndIsRefused() {
        write("a.yaml", Texts.policy("a", "1"));
        write("b.yaml", Texts.child("b", "1", "a"));
        read();
        var before = loaded("b.yaml").content().identity();
        files.remove("a.yaml");
        read();
        assertEquals(List.of("b 1"), inUse());
        assertEquals(before, loaded("b.yaml").content().identity());
        assertEquals(Set.of("b.yaml"), refused());
    }

    @Test
    void aRenamedFileKeepsWorkingEvenWhenItIsBroken() {
        write("a.yaml", Texts.policy("a", "1"));
        read();
        files.clear();
        write("renamed.yaml", Texts.policy("a", "1"));
        read();
        assertEquals(List.of("a 1"), inUse());
        assertEquals(START, loaded("renamed.yaml").since());
        files.clear();
        write("again.yaml", Texts.broken("a", "2"));
        read();
        assertEquals(List.of("a 1"), inUse());
        assertEquals(Set.of("again.yaml"), refused());
    }

    @Test
    void twoFilesThatExchangeTheirPoliciesBothCount() {
        write("a.yaml", Texts.policy("a", "1"));
        write("b.yaml", Texts.policy("b", "1"));
        read();
        write("a.yaml", Texts.policy("b", "2"));
        write("b.yaml", Texts.policy("a", "2"));
        read();
        assertEquals(List.of("a 2", "b 2"), inUse());
        assertEquals(Set.of(), refused());
    }

    @Test
    void ofTwoFilesWithOneIdBothAreRefusedAndTheLastGoodStays() {
        write("a.yaml", Texts.policy("a", "1"));
        read();
        write("another.yaml", Texts.policy("a", "2"));
        read();
        assertEquals(List.of("a 1"), inUse());
        assertEquals(Set.of("a.yaml", "another.yaml"), refused());
        files.remove("a.yaml");
        read();
        assertEquals(List.of("a 2"), inUse());
        assertEquals(Set.of(), refused());
    }

    @Test
    void aFileThatDeclaresAnotherIdTakesTheOldOneWithIt() {
        write("a.yaml", Texts.policy("a", "1"));
        write("b.yaml", Texts.child("b", "1", "a"));
        read();
        write("a.yaml", Texts.policy("other", "1"));
        write("b.yaml", Texts.child("b", "2", "a"));
        read();
        assertEquals(List.of("b 1", "other 1"), inUse(), "version 2 of b draws in what is gone");
        assertEquals(Set.of("b.yaml"), refused());
    }

    @Test
    void aFileWhoseNewIdIsRefusedKeepsTheOldPolicy() {
        write("a.yaml", Texts.policy("a", "1"));
        read();
        write("a.yaml", Texts.broken("other", "1"));
        read();
        assertEquals(List.of("a 1"), inUse());
    }

    @Test
    void aPolicyThatMovesOutOfABrokenFileCountsThere() {
        write("a.yaml", Texts.policy("a", "1"));
        read();
        write("a.yaml", Texts.broken("rest", "1"));
        write("new.yaml", Texts.policy("a", "2"));
        read();
        assertEquals(List.of("a 2"), inUse());
        assertEquals(Set.of("a.yaml"), refused());
    }

    @Test
    void whatDrawsInARefusedPolicyDrawsInItsLastGoodVersion() {
        write("a.yaml", Texts.policy("a", "1"));
        read();
        write("a.yaml", Texts.broken("a", "2"));
        write("b.yaml", Texts.child("b", "1", "a"));
        read();
        assertEquals(List.of("a 1", "b 1"), inUse());
        assertEquals(Set.of("a.yaml"), refused());
    }

    @Test
    void aChangedParentChangesTheDigestOfTheChild() {
        write("a.yaml", Texts.policy("a", "1"));
        write("b.yaml", Texts.child("b", "1", "a"));
        read();
        var before = loaded("b.yaml");
        write("a.yaml", Texts.policy("a", "2"));
        read();
        var after = loaded("b.yaml");
        assertNotEquals(before.content().identity(), after.content().identity());
        assertTrue(after.since().isAfter(before.since()));
    }

    @Test
    void aPolicyWhoseTestsFailIsRefusedAndTheChildDrawsInTheLastGoodOne() {
        write("a.yaml", Texts.policy("a", "1"));
        write("b.yaml", Texts.child("b", "1", "a"));
        read();
        var child = loaded("b.yaml").content().identity();
        failingTests.add("a 2");
        write("a.yaml", Texts.policy("a", "2"));
        read();
        assertEquals(List.of("a 1", "b 1"), inUse());
        assertEquals(child, loaded("b.yaml").content().identity());
        assertEquals(Set.of("a.yaml"), refused());
    }

    @Test
    void aPolicyWhoseTestsFailAtStartIsNotLoaded() {
        failingTests.add("a 1");
        write("a.yaml", Texts.policy("a", "1"));
        read();
        assertEquals(List.of(), inUse());
    }

    @Test
    void aWithheldFileIsNotLoadedAndKeepsTheLastGoodVersion() {
        write("a.yaml", Texts.policy("a", "1"));
        read();
        var issue = FileIssues.error("a.yaml", "not signed", "");
        files.put("a.yaml", new Candidate.Withheld(Texts.policy("a", "2"), issue));
        files.put("b.yaml", new Candidate.Withheld(Texts.policy("b", "1"), issue));
        read();
        assertEquals(List.of("a 1"), inUse());
        assertEquals(List.of(issue), refused("a.yaml").refusal().issues());
        assertEquals("b", refused("b.yaml").id());
    }

    @Test
    void whatDrawsInAWithheldPolicyDrawsInItsLastGoodVersion() {
        write("a.yaml", Texts.policy("a", "1"));
        read();
        files.put(
                "a.yaml", new Candidate.Withheld(Texts.policy("a", "2"), FileIssues.error("a.yaml", "not signed", "")));
        write("b.yaml", Texts.child("b", "1", "a"));
        read();
        assertEquals(List.of("a 1", "b 1"), inUse());
        assertEquals(Set.of("a.yaml"), refused());
    }

    @Test
    void aWithheldFileDoesNotGetInTheWayOfAGoodOneOfTheSameId() {
        write("a.yaml", Texts.policy("a", "1"));
        read();
        files.put(
                "b.yaml", new Candidate.Withheld(Texts.policy("a", "9"), FileIssues.error("b.yaml", "not signed", "")));
        write("a.yaml", Texts.policy("a", "2"));
        read();
        assertEquals(List.of("a 2"), inUse());
        assertEquals(Set.of("b.yaml"), refused());
    }

    @Test
    void aShippedPolicyStaysAsItWasWhereItCannotDrawInWhatAFilePutInItsParentsPlace() {
        ship("baseline", "shipped");
        shipped.put(ShippedPolicies.file("cpu-only"), Texts.child("cpu-only", "shipped", "baseline") + """
                rules:
                  - name: guest is at VMPL 0
                    replaces: guest of baseline cannot be debugged
                    for: sev-snp
                    require: cpu.snp.vmpl == 0
                    sets: configuration
                    because: It is.
                """);
        read();
        var before = loaded(ShippedPolicies.file("cpu-only")).content().identity();
        write("mine.yaml", Texts.policy("baseline", "mine").replace("guest of", "machine of"));
        read();
        assertEquals(List.of("baseline mine", "cpu-only shipped"), inUse());
        assertEquals(before, loaded(ShippedPolicies.file("cpu-only")).content().identity());
        assertEquals(Set.of(ShippedPolicies.file("cpu-only")), refused());
    }

    @Test
    void aFileTakesAShippedPolicysPlaceAndGivesItBack() {
        ship("baseline", "shipped");
        read();
        write("mine.yaml", Texts.policy("baseline", "mine"));
        read();
        assertEquals(List.of("baseline mine"), inUse());
        files.clear();
        read();
        assertEquals(List.of("baseline shipped"), inUse());
    }

    @Test
    void aRefusedFileLeavesTheShippedPolicyInUseWhenItWas() {
        ship("baseline", "shipped");
        read();
        write("mine.yaml", Texts.broken("baseline", "mine"));
        read();
        assertEquals(List.of("baseline shipped"), inUse());
        assertEquals(ShippedPolicies.file("baseline"), loaded("mine.yaml").file());
    }

    @Test
    void aRefusedFileAtStartLeavesNothingOfItsIdInUse() {
        ship("baseline", "shipped");
        for (String text : List.of(Texts.broken("baseline", "mine"), "policy: baseline\nversion: [\n")) {
            book = PolicyBook.empty();
            write("mine.yaml", text);
            read();
            assertEquals(List.of(), inUse(), text);
        }
    }

    @Test
    void anOwnPolicyInAShippedOnesPlaceStaysWhileItsFileIsBroken() {
        ship("baseline", "shipped");
        write("mine.yaml", Texts.policy("baseline", "mine"));
        write("child.yaml", Texts.child("child", "1", "baseline"));
        read();
        var child = loaded("child.yaml").content().identity();
        write("mine.yaml", "no policy at all");
        read();
        assertEquals(List.of("baseline mine", "child 1"), inUse());
        assertEquals(child, loaded("child.yaml").content().identity());
    }

    @Test
    void whenTheFileTurnsToAnotherIdTheShippedPolicyComesBack() {
        ship("baseline", "shipped");
        write("mine.yaml", Texts.policy("baseline", "mine"));
        read();
        write("mine.yaml", Texts.policy("other", "1"));
        read();
        assertEquals(List.of("baseline shipped", "other 1"), inUse());
    }

    @Test
    void everyChangeIsToldOnceAndNothingIsToldWhenNothingChanges() {
        ship("baseline", "shipped");
        write("a.yaml", Texts.policy("a", "1"));
        write("b.yaml", Texts.broken("b", "1"));
        assertEquals(
                List.of("policy baseline", "policy a", "b.yaml is refused, and nothing of it is loaded"), changes());
        assertEquals(List.of(), changes());
        write("a.yaml", Texts.policy("a", "2"));
        write("b.yaml", Texts.policy("b", "1"));
        assertEquals(List.of("policy a", "policy b", "b.yaml is no longer refused"), changes());
        files.remove("b.yaml");
        write("a.yaml", Texts.broken("a", "3"));
        assertEquals(List.of("policy b", "a.yaml is refused, and a version 2 sha256"), changes());
        assertEquals(List.of(), changes());
    }

    @Test
    void aChangeNamesBothVersionsAndDigests() {
        write("a.yaml", Texts.policy("a", "1"));
        read();
        PolicyBook before = book;
        write("a.yaml", Texts.policy("a", "2"));
        read();
        String said = PolicyChange.between(before, book).getFirst().said();
        for (PolicyBook each : List.of(before, book)) {
            var identity = each.at("a.yaml").orElseThrow().content().identity();
            assertTrue(said.contains(identity.version() + " " + identity.digestText()), said);
        }
        assertFalse(said.contains("\n"), said);
    }

    /** The beginnings of what is said about the next reading. */
    private List<String> changes() {
        PolicyBook before = book;
        read();
        var said = new ArrayList<String>();
        PolicyChange.between(before, book)
                .forEach(change ->
                        said.add(change.said().lines().findFirst().orElseThrow().replaceAll(":.*", "")));
        return said;
    }
}
