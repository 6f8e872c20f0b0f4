package io.countersign.service.policies;

import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.policy.PolicyReading;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The shipped policies and those of a folder, read once at start; a folder's file takes a shipped one's place by id. */
public final class PolicyFiles implements PolicyLibrary {
    private static final Logger LOG = Logger.getLogger(PolicyFiles.class);
    private static final List<String> SHIPPED =
            List.of("baseline.yaml", "cpu-only.yaml", "confidential-gpu.yaml", "confidential-gpu-strict.yaml");
    /** One byte more than any policy may have, so that the parser sees that a file is too long. */
    private static final int READ_AT_MOST = 64 * 1024 + 1;

    private final Map<String, AppraisalPolicy> active = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    public PolicyFiles(PolicyParser parser, Optional<Path> folder) {
        var sources = new LinkedHashMap<String, String>();
        SHIPPED.forEach(name -> sources.put(name, shipped(name)));
        folder.ifPresent(path -> {
            var own = inFolder(path);
            own.forEach((file, source) -> parser.declaredId(source)
                    .filter(id -> sources.remove(id + ".yaml") != null)
                    .ifPresent(id -> LOG.warnf("policy %s in %s takes the place of the shipped one", id, file)));
            own.forEach((file, source) -> sources.put(path.resolve(file).toString(), source));
        });
        parser.parseAll(sources)
                .forEach((file, reading) -> enter(parser, file, sources.getOrDefault(file, ""), reading));
    }

    private void enter(PolicyParser parser, String file, String source, PolicyReading reading) {
        switch (reading) {
            case PolicyReading.Accepted(var policy, var warnings) -> {
                String id = policy.identity().id();
                active.put(id, policy);
                entries.add(new Entry(id, file, Optional.of(policy), source, warnings));
                warnings.forEach(warning -> LOG.warnf("policy %s: %s", file, warning.rendered()));
            }
            case PolicyReading.Refused(var issues) -> {
                String id = parser.declaredId(source).orElse(file);
                entries.add(new Entry(id, file, Optional.empty(), source, issues));
                issues.forEach(issue -> LOG.errorf("policy %s is not loaded: %s", file, issue.rendered()));
            }
        }
    }

    private static String shipped(String name) {
        try (InputStream in = PolicyFiles.class.getResourceAsStream("/policies/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the shipped policy %s is missing".formatted(name));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> inFolder(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            var sources = new LinkedHashMap<String, String>();
            for (Path file : files.filter(PolicyFiles::isPolicy).sorted().toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    sources.put(
                            String.valueOf(file.getFileName()),
                            new String(in.readNBytes(READ_AT_MOST), StandardCharsets.UTF_8));
                }
            }
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException("countersign.policies-dir %s cannot be read".formatted(folder), e);
        }
    }

    private static boolean isPolicy(Path file) {
        String name = String.valueOf(file.getFileName());
        return Files.isRegularFile(file) && (name.endsWith(".yaml") || name.endsWith(".yml")) && !name.startsWith(".");
    }

    @Override
    public Optional<AppraisalPolicy> find(String id) {
        return Optional.ofNullable(active.get(id));
    }

    @Override
    public List<Entry> entries() {
        return List.copyOf(entries);
    }
}
