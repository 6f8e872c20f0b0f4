package io.countersign.cli;

import io.countersign.service.collateral.CollateralConfig;
import io.countersign.service.collateral.EarlyChannel;
import io.countersign.service.collateral.IntelPcsConfig;
import io.countersign.service.ops.RememberedFacts;
import io.countersign.trial.Coming;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.IntelPublication;
import io.countersign.verifier.tee.tdx.IntelSigned;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What Intel has published to count later: from files that somebody fetched, or asked for when it is wanted. */
final class ComingCollateral implements AutoCloseable {
    private static final int MOST_BYTES = 1024 * 1024;
    private static final int REMEMBERED_FACTS = 1_000;
    private static final int DEPTH = 6;

    private final IntelSigned signed;
    private final Instant at;
    private final Optional<EarlyChannel> channel;
    private final Map<IntelEndorsementRef, IntelPublication.Statement> statements = new LinkedHashMap<>();
    private final Map<IntelEndorsementRef, String> troubles = new LinkedHashMap<>();
    private final List<String> unused = new ArrayList<>();

    private ComingCollateral(Court court, Instant at, Optional<EarlyChannel> channel) {
        this.signed = new IntelSigned(court.anchors(), court.signatures(), new RememberedFacts(REMEMBERED_FACTS));
        this.at = at;
        this.channel = channel;
    }

    /**
     * From files and, where addresses are named, from them what the files do not hold.
     *
     * @param files files, and folders with such files in them
     */
    static ComingCollateral of(Court court, Instant at, List<Path> files, List<URI> addresses) throws CommandException {
        var coming = new ComingCollateral(
                court, at, addresses.isEmpty() ? Optional.empty() : Optional.of(channel(addresses)));
        for (Path file : files) {
            coming.read(file);
        }
        return coming;
    }

    private static EarlyChannel channel(List<URI> addresses) throws CommandException {
        try {
            return new EarlyChannel(
                    CollateralConfig.defaults(Optional.empty())
                            .with(new IntelPcsConfig(
                                    addresses,
                                    Optional.empty(),
                                    IntelPcsConfig.Update.EARLY,
                                    Optional.empty(),
                                    Duration.ofHours(1))),
                    InstantSource.system());
        } catch (IllegalArgumentException _) {
            throw new CommandException(
                    "--pcs-url must be an http or https address with a host, without user, query or fragment");
        }
    }

    private void read(Path place) throws CommandException {
        try (Stream<Path> found = Files.isDirectory(place) ? Files.walk(place, DEPTH) : Stream.of(place)) {
            List<Path> files = found.filter(file ->
                            file.equals(place) || file.toString().endsWith(".json") && Files.isRegularFile(file))
                    .filter(file -> !Files.isDirectory(file))
                    .sorted()
                    .toList();
            for (Path file : files) {
                readFile(file);
            }
        } catch (IOException e) {
            throw FileTrouble.reading(place, e);
        } catch (java.io.UncheckedIOException e) {
            throw new CommandException("%s cannot be read: %s".formatted(place, FileTrouble.words(e)));
        }
    }

    private void readFile(Path file) throws IOException {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MOST_BYTES + 1);
        }
        if (content.length > MOST_BYTES) {
            unused.add("%s has more than %d bytes".formatted(file, MOST_BYTES));
            return;
        }
        switch (signed.publication(Bytes.copyOf(content), at)) {
            case IntelPublication.Refused(String why) -> unused.add("%s: %s".formatted(file, why));
            case IntelPublication.Statement statement ->
                // A folder may hold both channels: what is to come is the newer one.
                statements.merge(
                        statement.ref(), statement, (one, other) -> NEWEST.compare(one, other) >= 0 ? one : other);
        }
    }

    private static final Comparator<IntelPublication.Statement> NEWEST = Comparator.comparingInt(
                    IntelPublication.Statement::evaluationDataNumber)
            .thenComparing(IntelPublication.Statement::issueDate);

    /** What there is of these, asked for where it has to be, each once. */
    Coming of(Set<IntelEndorsementRef> wanted) {
        for (IntelEndorsementRef ref : wanted) {
            if (!statements.containsKey(ref) && !troubles.containsKey(ref)) {
                troubles.put(ref, "no file holds it; --intel-collateral names files, --pcs-url an address to ask");
                channel.ifPresent(known -> ask(known, ref));
            }
        }
        return new Coming(statements, troubles);
    }

    private void ask(EarlyChannel early, IntelEndorsementRef ref) {
        switch (early.ask(ref)) {
            case EarlyChannel.Answer.Nothing(String why) -> troubles.put(ref, why);
            case EarlyChannel.Answer.Received(Bytes content) -> {
                switch (signed.publication(content, at)) {
                    case IntelPublication.Refused(String why) -> troubles.put(ref, "what came is not used: " + why);
                    case IntelPublication.Statement statement -> {
                        if (statement.ref().equals(ref)) {
                            troubles.remove(ref);
                            statements.put(ref, statement);
                        } else {
                            troubles.put(ref, "what came is " + statement.ref().description());
                        }
                    }
                }
            }
        }
    }

    List<IntelPublication.Statement> statements() {
        return List.copyOf(statements.values());
    }

    /** Files that are not used, and why. */
    List<String> unused() {
        return List.copyOf(unused);
    }

    @Override
    public void close() {
        channel.ifPresent(EarlyChannel::close);
    }
}
