package io.countersign.verifier.tee.nvgpu.rim;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.pki.ChainReader;
import io.countersign.verifier.tee.nvgpu.pki.SignedChain;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.util.Optional;
import org.w3c.dom.Document;

/** From the bytes of a RIM to golden values that NVIDIA signed, once for the same bytes. */
public final class RimReader {
    /** Genuine ones take 20 to 26 kB. */
    public static final int MAX_LENGTH = 256 * 1024;

    static final int CHAIN_LENGTH = 4;

    /** How much memory a manifest and its chain take, as a multiple of the length of the document; it was measured below 1. */
    private static final int SIZE_WHEN_READ = 2;

    private final ChainReader chains;
    private final Signatures signatures;
    private final SignatureFacts facts;
    private final RimDocument documents = new RimDocument();

    /** The manifest, or what was expected and what is wrong with it. */
    public sealed interface Reading {
        record Signed(SignedRim rim) implements Reading {}

        record Refused(String expected, String actual) implements Reading {}
    }

    /** What was brought, and under which roots it was read. */
    private record Brought(Bytes sha256, Bytes roots) {}

    /** The one type that is remembered, so that no fact is taken for one of another kind. */
    private record Remembered(SignedRim rim, int bytes) implements SignatureFacts.Sized {}

    /**
     * Reads manifests whose chains end in the roots of a chain reader.
     *
     * @param chains over the roots of reference values
     */
    public RimReader(ChainReader chains, Signatures signatures, SignatureFacts facts) {
        this.chains = chains;
        this.signatures = signatures;
        this.facts = facts;
    }

    /** Reads an XML document. Windows and revocation are not judged here: they are for every request. */
    public Reading read(Bytes content) {
        if (content.length() > MAX_LENGTH) {
            return new Reading.Refused(RimDocument.EXPECTED, "it has %d bytes".formatted(content.length()));
        }
        var key = new SignatureFacts.Key(
                "nvidia-rim", content.sha256(), chains.roots().fingerprint());
        Optional<Remembered> known = facts.recall(key, Remembered.class);
        if (known.isPresent()) {
            return new Reading.Signed(known.get().rim());
        }
        try {
            SignedRim rim = readAnew(content);
            facts.remember(key, new Remembered(rim, SIZE_WHEN_READ * content.length()));
            return new Reading.Signed(rim);
        } catch (RefusedRimException e) {
            return new Reading.Refused(e.expected(), e.getMessage());
        }
    }

    /** The same for what a request brings, once for all of its devices, also when it is refused. */
    public Reading read(Bytes content, Endorsements inHand) {
        return inHand.once(
                new Brought(content.sha256(), chains.roots().fingerprint()), Reading.class, () -> read(content));
    }

    private SignedRim readAnew(Bytes content) throws RefusedRimException {
        Document document = documents.read(content);
        SignatureBlock block = SignatureBlock.of(document, chains.roots());
        SignedChain chain =
                switch (chains.follow(block.certificates(), CHAIN_LENGTH)) {
                    case ChainReader.Reading.Signed(SignedChain signed) -> signed;
                    case ChainReader.Reading.Broken(String why) ->
                        throw new RefusedRimException(
                                "a chain of four certificates from a signer of RIMs to the pinned root", why);
                };
        block.requireSignedBy(chain.leafKey(), signatures);
        // Nothing of the document is used above this line but its signature; the tree is still the one that was
        // verified.
        ReferenceManifest manifest = ManifestReader.read(document.getDocumentElement(), block.element());
        Optional<RimFamily> family = RimFamily.of(chain);
        if (family.isPresent()) {
            family.get().requireCovers(manifest.name());
            family.get().requireCovers(manifest.product());
        }
        return new SignedRim(manifest, chain);
    }
}
