package io.countersign.verifier.tee.tdx.collateral;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.collateral.SignedCollateral.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Genuine quotes and collateral, read where they lie; tests that need them are skipped where they are not. */
final class Captures {
    private static final Path FOLDER =
            Path.of(System.getProperty("countersign.evidence", "../shared/evidence"), "intel-tdx");

    /** A quote with the collateral to judge it by, as the manifest lists it. */
    record Capture(JsonNode entry) {
        String id() {
            return entry.get("id").asText();
        }

        boolean hasCollateral() {
            return entry.get("collateral").isTextual();
        }

        TcbInfo tcbInfo() throws MalformedCollateralException {
            return TcbInfo.parse(signed("tcb_info.json", Kind.TCB_INFO).body());
        }

        EnclaveIdentity qeIdentity() throws MalformedCollateralException {
            return EnclaveIdentity.parse(
                    signed("qe_identity.json", Kind.QE_IDENTITY).body());
        }

        PlatformTcb platform() {
            var svns = new ArrayList<Integer>();
            entry.get("pck_sgx_components").forEach(svn -> svns.add(svn.asInt()));
            return new PlatformTcb(svns, entry.get("pcesvn").asInt());
        }

        /** Cut from the quote: the body begins behind the header, in version 5 behind its descriptor. */
        Optional<ModuleTcb> module() {
            if (!entry.get("tee").asText().equals("TDX")) {
                return Optional.empty();
            }
            Bytes quote = read(entry.get("quote").asText());
            int version = quote.u8(0);
            int body = version == 5 ? 54 : 48;
            boolean isFifteen = version == 5 && quote.u8(48) == 3;
            return Optional.of(new ModuleTcb(
                    quote.slice(body, body + 16),
                    isFifteen ? Optional.of(quote.slice(body + 584, body + 600)) : Optional.empty(),
                    quote.slice(body + 64, body + 112),
                    quote.slice(body + 112, body + 120)));
        }

        int qeIsvSvn() {
            return entry.get("qe_isv_svn").asInt();
        }

        TcbVerdict verdict() throws MalformedCollateralException {
            return TcbEvaluation.judge(tcbInfo(), qeIdentity(), platform(), module(), qeIsvSvn());
        }

        private SignedCollateral signed(String file, Kind kind) throws MalformedCollateralException {
            return SignedCollateral.read(read(entry.get("collateral").asText() + "/" + file), kind);
        }

        @Override
        public String toString() {
            return id();
        }
    }

    /** One document with the chain of its signer, as the service hands both on. */
    record Document(String name, Kind kind, Bytes chain, Bytes json) {
        Bytes content() {
            return Bytes.concat(chain, json);
        }

        /** Without the line break that some files end with. */
        Bytes trimmed() {
            return Bytes.utf8(json.toUtf8().strip());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private Captures() {}

    static List<Capture> all() {
        JsonNode manifest;
        try {
            manifest = new ObjectMapper().readTree(read("MANIFEST.json").toUtf8());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return StreamSupport.stream(manifest.get("cases").spliterator(), false)
                .map(Capture::new)
                .toList();
    }

    static List<Capture> withCollateral() {
        return all().stream().filter(Capture::hasCollateral).toList();
    }

    static Capture named(String id) {
        return all().stream()
                .filter(capture -> capture.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Every document of every folder. */
    static List<Document> documents() {
        Path folder = FOLDER.resolve("collateral");
        assumeTrue(Files.exists(folder), () -> "no genuine captures at " + FOLDER + ": set -Dcountersign.evidence");
        var documents = new ArrayList<Document>();
        try (Stream<Path> folders = Files.list(folder)) {
            for (Path each : folders.sorted().toList()) {
                String name = "collateral/" + each.getFileName();
                documents.add(document(name, "tcb_info", Kind.TCB_INFO));
                documents.add(document(name, "qe_identity", Kind.QE_IDENTITY));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return documents;
    }

    private static Document document(String folder, String file, Kind kind) {
        String name = folder + "/" + file;
        return new Document(name, kind, read(name + "_issuer_chain.pem"), read(name + ".json"));
    }

    static Bytes read(String file) {
        Path path = FOLDER.resolve(file);
        assumeTrue(Files.exists(path), () -> "no genuine captures at " + FOLDER + ": set -Dcountersign.evidence");
        try {
            return Bytes.copyOf(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
