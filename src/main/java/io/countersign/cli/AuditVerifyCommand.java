package io.countersign.cli;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.countersign.cli.Terminal.Tone;
import io.countersign.service.audit.Head;
import io.countersign.service.audit.LogVerifier;
import io.countersign.service.audit.Vouchers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit verify}: whether a log is as it was written. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Goes through the chain of hashes and says the first line that is not as it was written.",
            "That lines are missing at the end shows only with --head, or beside a copy."
        })
final class AuditVerifyCommand implements Callable<Integer> {
    @Mixin
    private AuditPlace place = new AuditPlace();

    @Option(
            names = "--head",
            paramLabel = "<hash>",
            description =
                    "A hash that was kept outside, from health, the service's own log or an earlier run: it must be in the log.")
    private @Nullable String head;

    @Option(
            names = "--keys",
            paramLabel = "<jwks>",
            description = "The service's key set, for the signatures of checkpoints; may be named more than once.")
    private List<Path> keys = List.of();

    @Option(
            names = "--mixed",
            description = "Skip lines of others, and let each start begin a chain: the log was standard output.")
    private boolean mixed;

    @Option(names = "--json", description = "The same as JSON.")
    private boolean json;

    @Override
    public Integer call() throws CommandException {
        if (head != null && !head.matches("[0-9a-f]{64}")) {
            throw new CommandException("--head is 64 hex digits in lower case, not \"%s\"".formatted(head));
        }
        var verifier = new LogVerifier(
                mixed ? LogVerifier.Foreign.SKIPPED : LogVerifier.Foreign.REFUSED,
                new Vouchers(keys.isEmpty() ? Optional.empty() : Optional.of(keySet())),
                Optional.ofNullable(head));
        List<Path> files = place.files();
        for (Path file : files) {
            try (InputStream in = AuditPlace.open(file)) {
                if (!verifier.read(AuditPlace.name(file), in)) {
                    break;
                }
            } catch (IOException e) {
                throw FileTrouble.reading(file, e);
            }
        }
        LogVerifier.Report report = verifier.end();
        boolean fine = report.broken().isEmpty()
                && report.lines() > 0
                && (head == null || report.wanted().isPresent());
        var terminal = Terminal.of(System.out);
        if (json) {
            terminal.json(document(report, files.size(), fine));
        } else {
            print(terminal, report, files.size(), fine);
        }
        return fine ? Main.FINE : Main.FOUND;
    }

    private JWKSet keySet() throws CommandException {
        var all = new ArrayList<JWK>();
        for (Path file : keys) {
            try {
                all.addAll(JWKSet.parse(Files.readString(file)).getKeys());
            } catch (IOException e) {
                throw FileTrouble.reading(file, e);
            } catch (ParseException _) {
                throw new CommandException("%s is no key set; GET /.well-known/jwks.json gives one".formatted(file));
            }
        }
        return new JWKSet(all);
    }

    private void print(Terminal terminal, LogVerifier.Report report, int files, boolean fine) {
        report.broken().ifPresent(broken -> {
            terminal.line(terminal.in(Tone.BAD, "%s, line %d".formatted(broken.file(), broken.line())));
            terminal.wrapped(2, "found: " + broken.found());
            terminal.wrapped(2, "expected: " + broken.expected());
        });
        report.notes().forEach(note -> terminal.wrapped(0, "note: " + note));
        report.begin()
                .filter(begin -> begin.seq() > 1)
                .ifPresent(begin -> terminal.wrapped(
                        0, "note: it begins with line %d; what was before was not looked at".formatted(begin.seq())));
        terminal.line(
                report.broken().isPresent()
                        ? "the %d lines before are as they were written".formatted(report.lines())
                        : "%d lines in %d files are as they were written, up to line %d"
                                .formatted(report.lines(), files, report.end().seq()));
        if (report.chains() > 1) {
            terminal.line("%d chains, one for each start".formatted(report.chains()));
        }
        terminal.line("head %s".formatted(report.end().hash()));
        vouched(terminal, report);
        if (head != null) {
            terminal.line(
                    report.wanted()
                            .map(found -> terminal.in(
                                    Tone.GOOD, "the hash that was looked for is that of line " + found.seq()))
                            .orElse(
                                    terminal.in(
                                            Tone.BAD,
                                            "the hash that was looked for is not there: the log was cut off before it, or is another one")));
        }
        terminal.line(fine ? terminal.in(Tone.GOOD, "fine") : terminal.in(Tone.BAD, "not fine"));
    }

    private void vouched(Terminal terminal, LogVerifier.Report report) {
        Vouchers vouchers = report.vouchers();
        terminal.line(
                keys.isEmpty()
                        ? "%d checkpoints; their signatures were not looked at, name the keys with --keys"
                                .formatted(vouchers.compared())
                        : "%d checkpoints, all signed with the keys given; they vouch for the lines up to %d"
                                .formatted(vouchers.verified(), vouchers.upTo()));
    }

    private static Map<String, Object> document(LogVerifier.Report report, int files, boolean fine) {
        var document = new LinkedHashMap<String, Object>();
        document.put("fine", fine);
        document.put("lines", report.lines());
        document.put("files", files);
        document.put("chains", report.chains());
        report.begin().map(Head::seq).ifPresent(seq -> document.put("begins_with", seq));
        document.put("ends_with", report.end().seq());
        document.put("head", report.end().hash());
        document.put("checkpoints", report.vouchers().compared());
        document.put("signed_checkpoints", report.vouchers().verified());
        document.put("vouched_up_to", report.vouchers().upTo());
        report.wanted().map(Head::seq).ifPresent(seq -> document.put("found_at", seq));
        document.put("notes", report.notes());
        report.broken().ifPresent(broken -> {
            var members = new LinkedHashMap<String, Object>();
            members.put("file", broken.file());
            members.put("line", broken.line());
            members.put("found", broken.found());
            members.put("expected", broken.expected());
            document.put("broken", members);
        });
        return document;
    }
}
