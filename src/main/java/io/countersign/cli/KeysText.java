package io.countersign.cli;

import io.countersign.cli.Terminal.Tone;
import io.countersign.service.signing.KeyRing;
import io.countersign.service.signing.RingKey;
import io.countersign.service.signing.Standing;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How keys and their states are told. */
final class KeysText {
    private KeysText() {}

    static void print(Terminal terminal, KeyRing ring, Instant now) {
        for (Standing each : ring.at(now)) {
            terminal.line("%s  %s, %s"
                    .formatted(
                            terminal.in(Tone.HEADING, each.key().kid()),
                            each.key().algorithm(),
                            each.key().home().words()));
            terminal.line("  " + terminal.in(tone(each.state()), each.words()));
        }
        if (ring.active(now).isEmpty()) {
            terminal.line(
                    terminal.in(Tone.BAD, "No key signs: every token is refused until \"countersign keys rotate\"."));
        }
    }

    private static Tone tone(Standing.State state) {
        return switch (state) {
            case ACTIVE -> Tone.GOOD;
            case NEXT, RETIRING -> Tone.DOUBTFUL;
            case WITHDRAWN -> Tone.BAD;
            case GONE -> Tone.QUIET;
        };
    }

    /** The ring for programs. */
    static Map<String, Object> document(KeyRing ring, Instant now) {
        var document = new LinkedHashMap<String, Object>();
        document.put("at", now.toString());
        document.put("keys", documents(ring.at(now)));
        return document;
    }

    static List<Map<String, Object>> documents(List<Standing> standings) {
        return standings.stream().map(KeysText::document).toList();
    }

    private static Map<String, Object> document(Standing standing) {
        RingKey key = standing.key();
        var document = new LinkedHashMap<String, Object>();
        document.put("kid", key.kid());
        document.put("alg", key.algorithm().name());
        document.put("state", standing.state().word());
        standing.since().ifPresent(at -> document.put("since", at.toString()));
        standing.until().ifPresent(at -> document.put("until", at.toString()));
        document.put("active_from", key.activeFrom().toString());
        key.withdrawnAt().ifPresent(at -> document.put("withdrawn_at", at.toString()));
        switch (key.home()) {
            case RingKey.Home.InFile(String name) -> document.put("file", name);
            case RingKey.Home.InToken(String alias) -> document.put("pkcs11", alias);
        }
        return document;
    }
}
