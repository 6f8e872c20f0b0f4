package io.countersign.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes {@code fixtures/}, the same bytes every time. {@code fixtures/README.md} says how to run it; the private keys come
 * from {@link FixtureKeys}.
 */
public final class FixtureGenerator {
    /** The generated folders, and what their tables are called. */
    static final SortedMap<String, String> FOLDERS = new TreeMap<>(Map.of(
            "sev-snp",
            "SEV-SNP cases",
            "intel-tdx",
            "Intel TDX cases",
            "intel-sgx",
            "Intel SGX cases",
            "nvidia-gpu",
            "NVIDIA GPU and NVSwitch cases"));

    private static final ObjectWriter JSON = new ObjectMapper()
            .writer(new DefaultPrettyPrinter(
                            Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private FixtureGenerator() {}

    public static void main(String[] arguments) throws IOException {
        write();
        System.out.println("wrote " + FixtureFolder.root().toAbsolutePath());
    }

    /** Replaces what was generated before; the keys and the hand-written README stay. */
    static void write() throws IOException {
        Path root = FixtureFolder.root();
        for (String folder : FOLDERS.keySet()) {
            deleteTree(root.resolve(folder));
        }
        for (var file : contents().entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    /** Every generated file by its path under {@code fixtures/}. */
    static SortedMap<String, String> contents() {
        var files = new TreeMap<String, String>();
        files.put("insecure-anchors.pem", SoftwareAmds.anchorsPem());
        files.put("binding-vectors.json", text(BindingVectors.document()));
        files.putAll(NvidiaShared.contents());
        List<FixtureCase> cases = Stream.<Stream<? extends FixtureCase>>of(snpCases(), intelCases(), nvidiaCases())
                .<FixtureCase>flatMap(each -> each)
                .toList();
        for (FixtureCase made : cases) {
            String folder = made.folder() + "/" + made.name() + "/";
            if (files.put(folder + "case.json", text(made.request())) != null) {
                throw new IllegalStateException("two cases are called " + folder);
            }
            files.put(folder + "expected.json", text(made.expected()));
        }
        FOLDERS.forEach((folder, title) -> files.put(
                folder + "/README.md",
                index(
                        title,
                        cases.stream()
                                .filter(made -> made.folder().equals(folder))
                                .toList())));
        return files;
    }

    private static Stream<? extends FixtureCase> snpCases() {
        return Stream.of(
                        SnpGoodCases.all(),
                        SnpPolicyCases.all(),
                        SnpReportCases.all(),
                        SnpChainCases.all(),
                        SnpMatchCases.all(),
                        SnpRevocationCases.all())
                .flatMap(List::stream);
    }

    private static Stream<? extends FixtureCase> intelCases() {
        return Stream.of(
                        IntelGoodCases.all(),
                        IntelPolicyCases.all(),
                        IntelTcbCases.all(),
                        IntelEventLogCases.all(),
                        IntelFormatCases.all(),
                        IntelQuoteCases.all(),
                        IntelChainCases.all(),
                        IntelCollateralCases.all(),
                        IntelJsonCases.all(),
                        IntelMemberCases.all(),
                        IntelRevocationCases.all(),
                        IntelWindowCases.all())
                .flatMap(List::stream);
    }

    private static Stream<? extends FixtureCase> nvidiaCases() {
        return Stream.of(
                        NvidiaGoodCases.all(),
                        NvidiaReportCases.all(),
                        NvidiaChainCases.all(),
                        NvidiaRimCases.all(),
                        NvidiaRevocationCases.all(),
                        NvidiaListCases.all(),
                        NvidiaPolicyCases.all(),
                        NvidiaCompositeCases.all(),
                        NvidiaTopologyCases.all())
                .flatMap(List::stream);
    }

    private static String index(String title, List<? extends FixtureCase> cases) {
        return cases.stream()
                .map(made -> "| `%s` | %s | %s |\n".formatted(made.name(), made.what(), verdict(made.expected())))
                .collect(Collectors.joining("", """
                        # %s

                        Generated: see [the README above](../README.md). What stands last is what must come out.

                        | case | what is so about it | must be |
                        |---|---|---|
                        """.formatted(title), ""));
    }

    private static String verdict(JsonNode expected) {
        if (expected.has("problem")) {
            return "422 `" + expected.get("problem").textValue() + "`";
        }
        String decisive = expected.get("checks").properties().stream()
                .filter(check -> !check.getValue().textValue().equals("passed"))
                // Without a log nobody can tell, and nothing else depends on it.
                .filter(check -> !check.getValue().textValue().equals("undetermined")
                        || !check.getKey().equals("tdx.event-log"))
                .map(check -> " by `" + check.getKey() + "`")
                .collect(Collectors.joining(","));
        boolean refused = expected.get("authenticity").textValue().equals("genuine")
                && expected.has("affirming")
                && !expected.get("affirming").booleanValue();
        String policy = expected.path("affirming").asBoolean() ? ", affirmed" : refused ? ", refused by policy" : "";
        return expected.get("authenticity").textValue() + decisive + policy;
    }

    private static String text(JsonNode json) {
        try {
            return JSON.writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
