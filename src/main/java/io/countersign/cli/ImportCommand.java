package io.countersign.cli;

import io.countersign.cli.Terminal.Tone;
import io.countersign.imports.Answer;
import io.countersign.imports.ImportException;
import io.countersign.imports.Imported;
import io.countersign.imports.NvidiaRimFolder;
import io.countersign.imports.SnpMeasurements;
import io.countersign.imports.TdxMeasurements;
import io.countersign.imports.ValuesFileText;
import io.countersign.imports.corim.PinnedSigner;
import io.countersign.imports.corim.SignedCorim;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code values import}: reads reference values as others publish them, and writes a values file. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Reads reference values and writes a values file, to standard output or with --out into a new file.",
            "snp: a list of launch measurements. tdx: registers of images. nvidia-rims: a folder of NVIDIA's RIMs, each verified. corim: a signed CoRIM, whose signer is given by --signer."
        })
final class ImportCommand implements Callable<Integer> {
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    @Parameters(index = "0", paramLabel = "<kind>", description = "snp, tdx, nvidia-rims or corim.")
    private Kind kind = Kind.SNP;

    @Parameters(index = "1", paramLabel = "<source>", description = "The file; for nvidia-rims the folder.")
    private Path source = Path.of("");

    @Option(names = "--id", required = true, paramLabel = "<id>", description = "The id of the values file.")
    private String id = "";

    @Option(
            names = "--claim",
            paramLabel = "<claim>",
            description =
                    "snp: what the digests are of; launch_measurement unless stated, or snp.measurement, snp.id_key_digest, snp.author_key_digest.")
    private SnpMeasurements.Kind claim = SnpMeasurements.Kind.LAUNCH_MEASUREMENT;

    @Option(names = "--signer", paramLabel = "<file>", description = "corim: PEM of the signer's key or certificate.")
    private @Nullable Path signer;

    @Option(names = "--note", paramLabel = "<text>", description = "What the values are.")
    private @Nullable String note;

    @Option(names = "--owner", paramLabel = "<text>", description = "Who answers for them.")
    private @Nullable String owner;

    @Option(
            names = "--expires",
            paramLabel = "<time>",
            description = "Until when they count: a time (RFC 3339) or a day.")
    private @Nullable Instant expires;

    @Option(names = "--out", paramLabel = "<file>", description = "Write there; the file must not exist yet.")
    private @Nullable Path out;

    @Mixin
    private Anchors anchors = new Anchors();

    /** What is read. */
    enum Kind {
        SNP("snp"),
        TDX("tdx"),
        NVIDIA_RIMS("nvidia-rims"),
        CORIM("corim");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    @Override
    public Integer call() throws CommandException {
        Instant now = Instant.now();
        try {
            Imported imported = read(now)
                    .answered(new Answer(
                            Optional.ofNullable(note), Optional.ofNullable(owner), Optional.ofNullable(expires)));
            LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
            String text = ValuesFileText.write(
                    new ValuesFileText.Heading(
                            id,
                            today.toString(),
                            "Imported from " + source.getFileName() + ".",
                            today,
                            "countersign values import " + kind),
                    imported);
            write(text);
            var terminal = Terminal.of(System.err);
            imported.sets()
                    .forEach(set -> terminal.line("references.%s: %d %s of %s"
                            .formatted(
                                    set.name(),
                                    set.values().size(),
                                    set.values().size() == 1 ? "value" : "values",
                                    set.claim())));
            imported.notes().forEach(each -> terminal.line(terminal.in(Tone.DOUBTFUL, "note: ") + each));
            return Main.FINE;
        } catch (ImportException e) {
            Terminal.of(System.err).text("countersign: " + e.getMessage());
            return Main.FOUND;
        }
    }

    private Imported read(Instant now) throws CommandException, ImportException {
        String name = String.valueOf(source.getFileName());
        return switch (kind) {
            case SNP -> SnpMeasurements.read(name, bytes(source), claim);
            case TDX -> TdxMeasurements.read(name, bytes(source));
            case NVIDIA_RIMS -> rims(name, now);
            case CORIM -> SignedCorim.read(name, bytes(source), pinned(), now);
        };
    }

    private PinnedSigner pinned() throws CommandException, ImportException {
        if (signer == null) {
            throw new CommandException(
                    "a CoRIM counts by who signed it: name the signer's key or certificate with --signer");
        }
        return PinnedSigner.fromPem(
                String.valueOf(signer.getFileName()),
                bytes(signer),
                anchors.court().signatures());
    }

    private Imported rims(String name, Instant now) throws CommandException, ImportException {
        Court court = anchors.court();
        var files = new TreeMap<String, Bytes>();
        try (Stream<Path> entries = Files.list(source)) {
            for (Path file : entries.filter(Files::isRegularFile).toList()) {
                files.put(String.valueOf(file.getFileName()), bytes(file));
            }
        } catch (IOException e) {
            throw FileTrouble.reading(source, e);
        }
        return NvidiaRimFolder.read(name, files, court.signatures(), court.anchors(), now);
    }

    private static Bytes bytes(Path file) throws CommandException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] read = in.readNBytes(MOST_BYTES + 1);
            if (read.length > MOST_BYTES) {
                throw new CommandException("%s is larger than 4 MiB".formatted(file));
            }
            return Bytes.copyOf(read);
        } catch (IOException e) {
            throw FileTrouble.reading(file, e);
        }
    }

    private void write(String text) throws CommandException {
        if (out == null) {
            // YAML is UTF-8, whatever the locale makes of standard output.
            System.out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            System.out.flush();
            return;
        }
        try {
            Files.writeString(out, text, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw FileTrouble.writing(out, e);
        }
    }
}
