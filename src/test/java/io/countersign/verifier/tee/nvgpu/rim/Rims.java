package io.countersign.verifier.tee.nvgpu.rim;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.pki.ChainReader;
import io.countersign.verifier.tee.nvgpu.pki.NvidiaRoots;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Assumptions;

/** Genuine RIMs, read where they lie, and readers for them. */
final class Rims {
    static final Path FOLDER = Path.of(System.getProperty("countersign.evidence", "../shared/evidence"), "nvidia-gpu");

    static final Signatures BOUNCY = Signatures.by(new BouncyCastleProvider());
    static final Signatures FAST = providers().getFirst();

    private Rims() {}

    /** What the manifest of captures says about one RIM. */
    record Case(JsonNode json) {
        String file() {
            return json.get("file").asText();
        }

        boolean accepted() {
            return json.get("expected_verdict").asText().equals("ACCEPT");
        }

        JsonNode expected() {
            return json.get("expected");
        }

        @Override
        public String toString() {
            return file();
        }
    }

    static List<Case> cases() {
        Path manifest = FOLDER.resolve("MANIFEST.json");
        Assumptions.assumeTrue(Files.exists(manifest), "the genuine RIMs " + FOLDER + " are not on this machine");
        try {
            return StreamSupport.stream(
                            new ObjectMapper()
                                    .readTree(manifest.toFile())
                                    .get("entries")
                                    .spliterator(),
                            false)
                    .filter(entry -> entry.get("kind").asText().equals("rim-swid"))
                    .map(Case::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Bytes file(String name) {
        Path path = FOLDER.resolve(name);
        Assumptions.assumeTrue(Files.exists(path), "the genuine RIM " + path + " is not on this machine");
        try {
            return Bytes.copyOf(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every provider that may be chosen, the usual one first. */
    static List<Signatures> providers() {
        var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
        return corretto.getLoadingError() == null ? List.of(Signatures.by(corretto), BOUNCY) : List.of(BOUNCY);
    }

    static TrustAnchors vendor() {
        try (var in = Objects.requireNonNull(Rims.class.getResourceAsStream("/anchors/nvidia.pem"))) {
            return TrustAnchors.parse(
                    new String(in.readAllBytes(), StandardCharsets.UTF_8), TrustAnchors.Origin.VENDOR);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RimReader reader(TrustAnchors anchors, AnchorRole role, Signatures signatures, SignatureFacts facts) {
        return new RimReader(
                new ChainReader(new NvidiaRoots(anchors, role, signatures), signatures, facts), signatures, facts);
    }

    /** Trusts NVIDIA and remembers nothing. */
    static RimReader genuine(Signatures signatures) {
        return reader(vendor(), AnchorRole.NVIDIA_RIM_ROOT, signatures, SignatureFacts.forgetful());
    }

    /** Remembers everything, and shows it. */
    static class Memory implements SignatureFacts {
        final ConcurrentHashMap<Key, Object> facts = new ConcurrentHashMap<>();

        @Override
        public <T> Optional<T> recall(Key key, Class<T> type) {
            return Optional.ofNullable(facts.get(key)).filter(type::isInstance).map(type::cast);
        }

        @Override
        public void remember(Key key, Object fact) {
            facts.put(key, fact);
        }

        Stream<Key> ofRims() {
            return facts.keySet().stream().filter(key -> key.role().equals("nvidia-rim"));
        }
    }

    static SignedRim signed(RimReader.Reading reading) {
        return switch (reading) {
            case RimReader.Reading.Signed(SignedRim rim) -> rim;
            case RimReader.Reading.Refused(String expected, String actual) ->
                throw new AssertionError("expected " + expected + ", but " + actual);
        };
    }

    /** What is wrong, of a reading that must be a refusal. */
    static String refused(RimReader.Reading reading) {
        return switch (reading) {
            case RimReader.Reading.Signed(SignedRim rim) -> throw new AssertionError("read as " + rim.manifest());
            case RimReader.Reading.Refused refused -> refused.actual();
        };
    }
}
