package io.countersign.service;

import io.countersign.insecure.NvidiaChip;
import io.countersign.insecure.NvidiaRimPki;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareOcsp;
import io.countersign.insecure.SoftwareRim;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bouncycastle.asn1.x509.Certificate;

/** What an operator puts into the folder of endorsements for a GPU, under the names that docs/collateral.md gives. */
final class GpuFolder {
    private GpuFolder() {}

    /** SHA-256 of the SHA-384 of the issuer's name, the SHA-384 of the issuer's key, and the serial number. */
    static String ocspName(Bytes certificate, Bytes issuer) {
        var above = Certificate.getInstance(issuer.toByteArray());
        try {
            return Bytes.concat(
                                    Bytes.copyOf(above.getSubject().getEncoded())
                                            .sha384(),
                                    Bytes.copyOf(above.getSubjectPublicKeyInfo()
                                                    .getPublicKeyData()
                                                    .getBytes())
                                            .sha384(),
                                    Bytes.copyOf(Certificate.getInstance(certificate.toByteArray())
                                            .getSerialNumber()
                                            .getValue()
                                            .toByteArray()))
                            .sha256()
                    + ".der";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** RIMs, and answers about every certificate beneath the roots. */
    static void fill(Path dataDir, SoftwareNvidia nvidia, SoftwareGpu gpu) {
        Path folder = dataDir.resolve("endorsements/nvidia");
        NvidiaRimPki pki = nvidia.rims(gpu.board().architecture());
        for (SoftwareRim rim : List.of(
                SoftwareRim.driver(nvidia, gpu.board()).reissued(pki),
                SoftwareRim.vbios(nvidia, gpu.board()).reissued(pki))) {
            write(folder.resolve("rims").resolve(rim.id() + ".xml"), Bytes.utf8(rim.xml()));
        }
        NvidiaChip chip = gpu.chip();
        List<SoftwareOcsp> ofChip = nvidia.answersAbout(chip);
        for (int i = 0; i < ofChip.size(); i++) {
            String scope = i == 0 ? "device" : "shared";
            String name = ocspName(chip.chain().get(i + 1), chip.chain().get(i + 2));
            write(
                    folder.resolve("ocsp").resolve(scope).resolve(name),
                    ofChip.get(i).der());
        }
        var rimChain = new java.util.ArrayList<>(List.of(pki.laterSignerDraft().der()));
        rimChain.addAll(pki.authorities());
        List<SoftwareOcsp> ofRims = nvidia.answersAbout(pki, pki.laterSignerDraft());
        for (int i = 0; i < ofRims.size(); i++) {
            String name = ocspName(rimChain.get(i), rimChain.get(i + 1));
            write(folder.resolve("ocsp/shared").resolve(name), ofRims.get(i).der());
        }
    }

    private static void write(Path file, Bytes content) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
