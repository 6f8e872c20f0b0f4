package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef.OcspAnswer;
import io.countersign.verifier.tee.nvgpu.ocsp.OcspReader;
import io.countersign.verifier.tee.nvgpu.pki.ChainReader;
import io.countersign.verifier.tee.nvgpu.pki.NvidiaRoots;
import io.countersign.verifier.tee.nvgpu.pki.NvidiaSignature;
import io.countersign.verifier.tee.nvgpu.rim.RimReader;
import io.countersign.verifier.tee.nvgpu.rim.SignedRim;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.security.PublicKey;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether what was fetched is worth keeping: a manifest or answer that NVIDIA did not sign, or that is about something else than
 * was asked for, must not take the place of one that is.
 */
public final class NvidiaSigned {
    private final RimReader rims;
    private final OcspReader answers;
    private final Signatures signatures;

    /** Shares what it finds out: what was verified before it was kept is not verified again when it is judged. */
    public NvidiaSigned(TrustAnchors anchors, Signatures signatures, SignatureFacts facts) {
        this.rims = new RimReader(
                new ChainReader(new NvidiaRoots(anchors, AnchorRole.NVIDIA_RIM_ROOT, signatures), signatures, facts),
                signatures,
                facts);
        this.answers = new OcspReader(signatures, facts);
        this.signatures = signatures;
    }

    /** A plain sentence when an endorsement should not be remembered. */
    public Optional<String> objection(NvidiaEndorsementRef ref, Bytes content) {
        return switch (ref) {
            case NvidiaEndorsementRef.Rim(String id) -> rim(id, content);
            case OcspAnswer asked -> answer(asked, content);
        };
    }

    private Optional<String> rim(String id, Bytes content) {
        return switch (rims.read(content)) {
            case RimReader.Reading.Refused(String _, String actual) -> Optional.of(actual);
            case RimReader.Reading.Signed(SignedRim rim) -> {
                String version = rim.manifest().colloquialVersion().toUpperCase(Locale.ROOT);
                // Ids hold a driver's version as it is, and that of a VBIOS without its dots.
                boolean named = id.toUpperCase(Locale.ROOT).endsWith("_" + version)
                        || id.endsWith("_" + version.replace(".", ""));
                yield named ? Optional.empty() : Optional.of("it is of version " + version);
            }
        };
    }

    private Optional<String> answer(OcspAnswer asked, Bytes content) {
        if (asked.certificates().isEmpty()) {
            return Optional.of("there is nothing to verify it with");
        }
        try {
            Certificate subject = Certificate.parse(asked.certificates().get().subject());
            Certificate issuer = Certificate.parse(asked.certificates().get().issuer());
            Optional<PublicKey> key = NvidiaSignature.key(issuer, signatures);
            if (key.isEmpty()) {
                return Optional.of("its issuer's key is not on P-384");
            }
            return switch (answers.read(content, subject, issuer, key.get())) {
                case OcspReader.Reading.Signed _ -> Optional.empty();
                case OcspReader.Reading.AboutOthers() -> Optional.of("it is about another certificate");
                case OcspReader.Reading.Refused(String _, String actual) -> Optional.of(actual);
            };
        } catch (MalformedDerException e) {
            return Optional.of(e.getMessage());
        }
    }
}
