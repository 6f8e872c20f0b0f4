package io.countersign.verifier.tee.tdx.eventlog;

import static io.countersign.testkit.SoftwareEventLog.dstack;
import static io.countersign.verifier.tee.tdx.eventlog.Logs.claim;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.countersign.testkit.SoftwareEventLog;
import io.countersign.testkit.SoftwareEventLog.Entry;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Claims;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** dstack's log: its form, its short form, and what applications can write into it. */
class DstackTest {
    private static final Bytes APP = Bytes.fromHex("01".repeat(20));
    private static final Bytes COMPOSE = Bytes.fromHex("02".repeat(32));
    private static final List<Entry> SET_UP = List.of(
            dstack("system-preparing", Bytes.empty()),
            dstack("app-id", APP),
            dstack("compose-hash", COMPOSE),
            dstack("key-provider", Bytes.utf8("{'name':'kms'}")),
            dstack("system-ready", Bytes.empty()));
    private static final SoftwareEventLog GUEST = new SoftwareEventLog(SET_UP);
    private static final String JSON = GUEST.json().toUtf8();

    @Test
    void readsBackWhatWasWritten() throws EvidenceException {
        assertInstanceOf(Outcome.Passed.class, Logs.judge(GUEST.json(), GUEST.rtmrs()));
        Claims claims = Logs.claims(GUEST.json());
        assertEquals(Optional.of(APP.toString()), claim(claims, "dstack.app_id"));
        assertEquals(Optional.of(COMPOSE.toString()), claim(claims, "dstack.compose_hash"));
        assertEquals(Optional.of("{'name':'kms'}"), claim(claims, "dstack.key_provider"));
        assertEquals(
                Optional.of(List.of(
                        "system-preparing=",
                        "app-id=" + APP,
                        "compose-hash=" + COMPOSE,
                        "key-provider=7b276e616d65273a276b6d73277d",
                        "system-ready=")),
                claim(claims, "runtime_events"));
    }

    @Test
    void whiteSpaceAroundAndMembersBesideAreNoMatter() throws EvidenceException {
        String spaced = " \r\n\t" + JSON.replace("{\"imr\"", "{ \"version\": {\"a\": [1]}, \"imr\"") + "\n";
        assertEquals(GUEST.rtmrs(), EventLog.parse(Bytes.utf8(spaced)).rtmrs().orElseThrow());
    }

    @Test
    void theShortFormMakesTheSameClaims() throws EvidenceException {
        var full = Logs.claims(GUEST.json()).byPath();
        for (String digest : List.of("\"digest\":\"\",", "")) {
            Bytes lite = Bytes.utf8(JSON.replaceAll("\"digest\":\"[0-9a-f]+\",", digest));
            assertInstanceOf(Outcome.Passed.class, Logs.judge(lite, GUEST.rtmrs()));
            assertEquals(full, Logs.claims(lite).byPath());
        }
    }

    @Test
    void aChangedNameOrPayloadMakesNoClaim() throws EvidenceException {
        for (String changed :
                List.of(JSON.replace("\"app-id\"", "\"other\""), JSON.replace(APP.toString(), "03".repeat(20)))) {
            Claims claims = Logs.claims(Bytes.utf8(changed));
            assertEquals(Optional.empty(), claim(claims, "dstack.app_id"));
            assertEquals(Optional.empty(), claim(claims, "dstack.compose_hash"));
            assertEquals(Optional.empty(), claim(claims, "runtime_events"));
            assertEquals(Optional.of(List.of(SET_UP.get(1).digest().toString())), claim(claims, "unexplained.rtmr3"));
        }
    }

    @Test
    void eventsOfApplicationsAreNotTakenForThoseOfTheSetUp() throws EvidenceException {
        var entries = new ArrayList<>(SET_UP);
        entries.add(dstack("app-id", Bytes.utf8("somebody else's")));
        entries.add(dstack("os-image-hash", Bytes.utf8("another")));
        Claims claims = Logs.claims(new SoftwareEventLog(entries).json());
        assertEquals(Optional.of(APP.toString()), claim(claims, "dstack.app_id"));
        assertEquals(Optional.empty(), claim(claims, "dstack.os_image_hash"));
    }

    @Test
    void anEventThatStandsTwiceInTheSetUpIsNoClaim() throws EvidenceException {
        var entries = new ArrayList<>(SET_UP);
        entries.add(1, dstack("app-id", Bytes.utf8("first")));
        Claims claims = Logs.claims(new SoftwareEventLog(entries).json());
        assertEquals(Optional.empty(), claim(claims, "dstack.app_id"));
        assertEquals(Optional.of(COMPOSE.toString()), claim(claims, "dstack.compose_hash"));
    }

    /** A name with a colon shares its digest with a shorter name and a longer payload. */
    @Test
    void aNameWithAColonExplainsNothing() throws EvidenceException {
        Entry measured = dstack("app-id", Bytes.utf8("x:y"));
        var split = new Entry(4, SoftwareEventLog.DSTACK, measured.digest(), Bytes.utf8("y"), "app-id:x");
        Claims claims = Logs.claims(new SoftwareEventLog(List.of(split)).json());
        assertEquals(Optional.of(List.of(measured.digest().toString())), claim(claims, "unexplained.rtmr3"));
        assertEquals(Optional.empty(), claim(claims, "runtime_events"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "[{",
                "{}",
                " {\"events\":[]}",
                " ",
                "[] []",
                "[]x",
                "[1]",
                "[null]",
                "[[]]",
                "[{}]",
                "[{\"imr\":0,\"event_type\":4}]",
                "[{\"imr\":3,\"event_type\":4,\"event\":\"x\"}]",
                "[{\"imr\":2,\"event_type\":134217729,\"event\":\"x\"}]",
                "[{\"imr\":4,\"event_type\":134217729}]",
                "[{\"imr\":-1,\"event_type\":134217729}]",
                "[{\"imr\":3.0,\"event_type\":134217729}]",
                "[{\"imr\":\"3\",\"event_type\":134217729}]",
                "[{\"imr\":null,\"event_type\":134217729}]",
                "[{\"imr\":99999999999999999999999,\"event_type\":134217729}]",
                "[{\"imr\":9999999999999999999,\"event_type\":134217729}]",
                "[{\"imr\":3,\"event_type\":4294967296}]",
                "[{\"event_type\":134217729}]",
                "[{\"imr\":3}]",
                "[{\"imr\":3,\"imr\":3,\"event_type\":134217729}]",
                "[{\"imr\":3,\"event_type\":134217729,\"digest\":\"00\"}]",
                "[{\"imr\":3,\"event_type\":134217729,\"digest\":\"0\"}]",
                "[{\"imr\":3,\"event_type\":134217729,\"digest\":null}]",
                "[{\"imr\":3,\"event_type\":134217729,\"digest\":\"zz\"}]",
                "[{\"imr\":3,\"event_type\":134217729,\"event_payload\":\"abc\"}]",
                "[{\"imr\":3,\"event_type\":134217729,\"event_payload\":\"0xab\"}]",
                "[{\"imr\":3,\"event_type\":134217729,\"event\":\"\\ud800\"}]",
                "[{\"imr\":3,\"event_type\":134217729,\"x\":[[[[[[[[[[]]]]]]]]]]}]",
                "[{\"imr\":3,\"event_type\":134217729},]",
                "[{\"imr\":3,\"event_type\":NaN}]",
                "[{'imr':3,\"event_type\":134217729}]",
                "[/**/]",
            })
    void refuses(String text) {
        var refusal = assertThrows(MalformedEvidenceException.class, () -> EventLog.parse(Bytes.utf8(text)));
        assertEquals("dstack event log", refusal.structure());
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] wide = "[]".getBytes(StandardCharsets.UTF_16LE);
        for (Bytes raw : List.of(
                Bytes.copyOf(wide),
                Bytes.fromHex("5b00"),
                Bytes.concat(Bytes.utf8("[{\"event\":\""), Bytes.fromHex("c0af"), Bytes.utf8("\"}]")),
                Bytes.fromHex("5bff5d"))) {
            assertThrows(MalformedEvidenceException.class, () -> EventLog.parse(raw));
        }
    }

    @Test
    void everyShorterTextIsRefused() {
        for (int length = 1; length < JSON.length(); length++) {
            Bytes cut = Bytes.utf8(JSON.substring(0, length));
            assertThrows(MalformedEvidenceException.class, () -> EventLog.parse(cut));
        }
    }
}
