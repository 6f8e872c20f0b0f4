package io.countersign.cli;

import static io.countersign.cli.CommandLineBench.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.cli.CommandLineBench.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing keys by command, without a service. */
class KeysCommandTest {
    @TempDir
    private Path data = Path.of("");

    private Ran keys(String... words) {
        return run(Stream.concat(
                        Stream.of("keys"), Stream.concat(Stream.of(words), Stream.of("--data-dir", data.toString())))
                .toArray(String[]::new));
    }

    private static List<String> states(JsonNode document) {
        var states = new ArrayList<String>();
        document.get("keys")
                .forEach(key -> states.add(
                        key.get("state").asText() + " " + key.get("alg").asText()));
        return states;
    }

    private JsonNode list() {
        return keys("list", "--json").json();
    }

    private String kid(int index) {
        return list().get("keys").get(index).get("kid").asText();
    }

    @Test
    void theFirstKeySignsAtOnceAndTheNextWaits() {
        JsonNode first = keys("rotate", "--json").ends(Main.FINE).json();
        assertEquals(List.of("active ES256"), states(first));
        JsonNode second =
                keys("rotate", "--algorithm", "ES384", "--json").ends(Main.FINE).json();
        assertEquals(List.of("active ES256", "next ES384"), states(second));
        assertEquals(second.get("keys").get(1).get("kid"), second.get("made"));
        Instant from =
                Instant.parse(second.get("keys").get(1).get("active_from").asText());
        assertEquals(
                Duration.ofMinutes(15),
                Duration.between(Instant.parse(second.get("at").asText()), from));
        Ran third = keys("rotate").ends(Main.USAGE);
        assertTrue(third.err().contains("nothing was changed") && third.err().contains("waits already"), third.err());
        assertEquals(second.get("keys"), list().get("keys"));
    }

    @Test
    void whatIsListedIsForPeopleUnlessAsked() {
        keys("rotate").ends(Main.FINE);
        String kid = kid(0);
        Ran ran = keys("list").ends(Main.FINE);
        assertTrue(ran.out().contains(kid + "  ES256, file signing-ES256-" + kid + ".jwk"), ran.out());
        assertTrue(ran.out().contains("active since "), ran.out());
        keys("rotate").ends(Main.FINE);
        assertEquals(
                List.of("gone ES256", "active ES256"),
                states(keys("list", "--json", "--at", "2150-01-01")
                        .ends(Main.FINE)
                        .json()));
    }

    @Test
    void anOverlapShorterThanCachesLiveIsRefusedUnlessForced() {
        keys("rotate").ends(Main.FINE);
        for (String in : new String[] {"0s", "359s", "5m"}) {
            Ran refused = keys("rotate", "--in", in).ends(Main.USAGE);
            assertTrue(refused.err().contains("relying parties keep the key set for 300 s"), refused.err());
            assertTrue(refused.err().contains("--force-short-overlap"), refused.err());
        }
        assertEquals(1, list().get("keys").size());
        Ran forced = keys("rotate", "--in", "5m", "--force-short-overlap").ends(Main.FINE);
        assertTrue(forced.err().contains("warning: relying parties"), forced.err());
        assertEquals(2, list().get("keys").size());
    }

    @Test
    void aDurationThatIsNoneIsToldInWords() {
        for (String in : new String[] {"-5m", "15", "m", "1w", "999999d", "15 m"}) {
            Ran ran = keys("rotate", "--in", in).ends(Main.USAGE);
            assertTrue(
                    ran.err().contains("is no duration; write 900s, 15m, 2h or 1d") || in.startsWith("-"), ran.err());
        }
        assertTrue(keys("rotate", "--algorithm", "RS256")
                .ends(Main.USAGE)
                .err()
                .contains("\"RS256\" is none of ES256, ES384"));
    }

    @Test
    void withdrawingTheSigningKeyReplacesIt() {
        keys("rotate").ends(Main.FINE);
        String one = kid(0);
        Ran ran = keys("withdraw", one).ends(Main.FINE);
        assertTrue(ran.out().contains("withdrew the key " + one), ran.out());
        assertTrue(ran.out().contains("go on accepting its tokens for up to 300 s"), ran.out());
        assertEquals(List.of("withdrawn ES256", "active ES256"), states(list()));
        Ran again = keys("withdraw", one).ends(Main.USAGE);
        assertTrue(again.err().contains("is withdrawn"), again.err());
        Ran unknown = keys("withdraw", "mine").ends(Main.USAGE);
        assertTrue(unknown.err().contains("holds no key mine"), unknown.err());
    }

    @Test
    void withoutAReplacementListingEndsOtherwiseUntilOneIsMade() {
        keys("rotate").ends(Main.FINE);
        JsonNode done = keys("withdraw", kid(0), "--no-replacement", "--json")
                .ends(Main.FINE)
                .json();
        assertFalse(done.has("signs_now"));
        Ran none = keys("list").ends(Main.FOUND);
        assertTrue(none.out().contains("No key signs"), none.out());
        keys("rotate").ends(Main.FINE);
        assertEquals(List.of("withdrawn ES256", "active ES256"), states(list()));
        keys("list").ends(Main.FINE);
    }

    @Test
    void pruningTellsWhatItDeleted() throws IOException {
        keys("rotate").ends(Main.FINE);
        String one = kid(0);
        Path file = data.resolve("keys/signing-ES256-%s.jwk".formatted(one));
        assertTrue(Files.exists(file));
        assertEquals("nothing to delete\n", keys("prune").ends(Main.FINE).out());
        keys("withdraw", one).ends(Main.FINE);
        JsonNode deleted = keys("prune", "--json").ends(Main.FINE).json().get("deleted");
        assertEquals(1, deleted.size());
        assertEquals(one, deleted.get(0).get("kid").asText());
        assertFalse(Files.exists(file));
        assertEquals(List.of("active ES256"), states(list()));
    }

    @Test
    void theLaboratoryHasAFolderOfItsOwn() {
        keys("rotate").ends(Main.FINE);
        Ran laboratory = keys("list", "--insecure").ends(Main.USAGE);
        assertTrue(laboratory.err().contains("there is no key ring"), laboratory.err());
        keys("rotate", "--insecure").ends(Main.FINE);
        assertEquals(1, list().get("keys").size());
    }

    @Test
    void aFolderFromBeforeRingsIsTakenOverAndRotated() throws IOException {
        keys("rotate").ends(Main.FINE);
        String kid = kid(0);
        Path folder = data.resolve("keys");
        Files.move(folder.resolve("signing-ES256-%s.jwk".formatted(kid)), folder.resolve("signing-ES256.jwk"));
        Files.delete(folder.resolve("ring-signing.json"));
        JsonNode after = keys("rotate", "--json").ends(Main.FINE).json();
        assertEquals(List.of("active ES256", "next ES256"), states(after));
        assertEquals(kid, after.get("keys").get(0).get("kid").asText());
    }

    @Test
    void keysOfATokenAreNotSilentlyFollowedByFiles() throws IOException {
        keys("rotate").ends(Main.FINE);
        Path ring = data.resolve("keys/ring-signing.json");
        var json = new ObjectMapper();
        var document = (ObjectNode) json.readTree(Files.readString(ring));
        var key = (ObjectNode) document.get("keys").get(0);
        key.remove("file");
        key.put("pkcs11", key.get("kid").asText());
        Files.writeString(ring, document.toString());
        String before = Files.readString(ring);
        Ran rotate = keys("rotate").ends(Main.USAGE);
        assertTrue(rotate.err().contains("--pkcs11-library"), rotate.err());
        Ran withdraw = keys("withdraw", kid(0)).ends(Main.USAGE);
        assertTrue(withdraw.err().contains("--no-replacement"), withdraw.err());
        assertEquals(before, Files.readString(ring));
        keys("rotate", "--out-of-token").ends(Main.FINE);
        assertEquals(List.of("active ES256", "next ES256"), states(list()));
    }

    @Test
    void whatIsWrongWithTheRingIsOneSentence() throws IOException {
        Path keys = Files.createDirectories(data.resolve("keys"));
        Files.writeString(keys.resolve("ring-signing.json"), "{");
        for (String[] command : new String[][] {{"list"}, {"rotate"}, {"withdraw", "mine"}, {"prune"}}) {
            Ran ran = keys(command).ends(Main.USAGE);
            assertEquals("", ran.out());
            assertTrue(ran.err().startsWith("countersign: the key ring "), ran.err());
            assertTrue(ran.err().contains("is damaged: it is not JSON"), ran.err());
            assertFalse(ran.err().contains("\tat "), ran.err());
        }
    }

    @Test
    void aFolderOfKeysCanBeNamedItself() {
        Path keys = data.resolve("elsewhere");
        Ran made = run("keys", "rotate", "--keys-dir", keys.toString());
        assertEquals(0, made.exit(), made::toString);
        assertTrue(Files.exists(keys.resolve("ring-signing.json")));
        assertFalse(Files.exists(data.resolve("keys")));
        assertEquals(0, run("keys", "list", "--keys-dir", keys.toString()).exit());
    }

    /** One id in 64: in an emergency nobody should have to know why it is refused. */
    @Test
    void anIdThatBeginsWithADashIsNoOption() {
        keys("rotate").ends(Main.FINE);
        for (String beginning : List.of("-", "--", "-h", "-V")) {
            String kid = beginning + "a".repeat(43 - beginning.length());
            Ran withdraw = keys("withdraw", kid, "--no-replacement").ends(Main.USAGE);
            assertTrue(withdraw.err().contains("the ring holds no key " + kid), withdraw.err());
            Ran behind = run("keys", "withdraw", "--data-dir", data.toString(), "--", kid);
            assertTrue(behind.err().contains("the ring holds no key " + kid), behind.err());
        }
        Ran misspelt = keys("withdraw", "--no-replacment", kid(0)).ends(Main.USAGE);
        assertTrue(misspelt.err().contains("has no option --no-replacment"), misspelt.err());
    }
}
