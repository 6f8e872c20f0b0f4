package io.countersign.verifier.tee.tdx;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Assumptions;

/** Genuine quotes with the collateral of their time, read where they lie. */
public final class Quotes {
    static final Path FOLDER = Path.of(System.getProperty("countersign.evidence", "../shared/evidence"), "intel-tdx");

    private static final Map<String, String> SLOTS = Map.of(
            "tcb_info.json", "intel.tcb_info",
            "tcb_info_issuer_chain.pem", "intel.tcb_info_issuer_chain",
            "qe_identity.json", "intel.qe_identity",
            "qe_identity_issuer_chain.pem", "intel.qe_identity_issuer_chain",
            "pck_crl.der", "intel.pck_crl",
            "pck_crl_issuer_chain.pem", "intel.pck_crl_issuer_chain",
            "root_ca_crl.der", "intel.root_ca_crl");

    private Quotes() {}

    /** One case of the manifest. */
    public record Case(JsonNode json) {
        public String id() {
            return json.get("id").asText();
        }

        public Instant at() {
            return Instant.parse(json.get("evaluate_at").asText());
        }

        public boolean ofTd() {
            return json.get("tee").asText().equals("TDX");
        }

        public Bytes quote() {
            return file(json.get("quote").asText());
        }

        public Endorsements brought() {
            return Endorsements.brought(slots());
        }

        public Map<String, List<Bytes>> slots() {
            var slots = new HashMap<String, List<Bytes>>();
            if (json.get("collateral").isNull()) {
                return slots;
            }
            String folder = json.get("collateral").asText();
            SLOTS.forEach((name, slot) -> {
                Path path = FOLDER.resolve(folder).resolve(name);
                if (Files.exists(path)) {
                    slots.put(slot, List.of(read(path)));
                }
            });
            return slots;
        }

        @Override
        public String toString() {
            return id();
        }
    }

    public static List<Case> cases() {
        try {
            return StreamSupport.stream(manifest().get("cases").spliterator(), false)
                    .map(Case::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Case named(String id) {
        return cases().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    }

    /** For classes that cut up a quote as they are loaded, which is too early to skip. */
    static boolean areHere() {
        return Files.exists(FOLDER);
    }

    static JsonNode manifest() throws IOException {
        Path file = FOLDER.resolve("MANIFEST.json");
        Assumptions.assumeTrue(Files.exists(file), "the genuine quotes " + FOLDER + " are not on this machine");
        return new ObjectMapper().readTree(file.toFile());
    }

    public static Bytes file(String name) {
        return read(FOLDER.resolve(name));
    }

    private static Bytes read(Path path) {
        Assumptions.assumeTrue(Files.exists(path), "the genuine capture " + path + " is not on this machine");
        try {
            return Bytes.copyOf(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static TrustAnchors anchors() {
        try (var in = Objects.requireNonNull(Quotes.class.getResourceAsStream("/anchors/intel.pem"))) {
            return TrustAnchors.parse(
                    new String(in.readAllBytes(), StandardCharsets.UTF_8), TrustAnchors.Origin.VENDOR);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Signatures signatures() {
        var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
        return corretto.getLoadingError() == null ? Signatures.by(corretto) : Signatures.by(new BouncyCastleProvider());
    }
}
