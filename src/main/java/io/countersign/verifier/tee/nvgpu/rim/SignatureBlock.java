package io.countersign.verifier.tee.nvgpu.rim;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.pki.NvidiaRoots;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.Signatures;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The one enveloped signature of a manifest. Everything in it is compared with what NVIDIA writes before the JDK's XML signatures
 * see it, so that what they would also know (other algorithms, references, transforms, keys) cannot be asked of them.
 *
 * @param certificates from KeyInfo, in their order
 */
record SignatureBlock(Element element, List<Certificate> certificates) {
    private static final String DSIG = XMLSignature.XMLNS;

    /** Canonical XML 1.1, inclusive, without comments. */
    private static final String CANONICAL = "http://www.w3.org/2006/12/xml-c14n11";

    private static final String ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

    /** RFC 9231, section 2.3.6. */
    private static final String ECDSA_SHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";

    /** RFC 9231, section 2.1.3. */
    private static final String SHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384";

    private static final int DIGEST_LENGTH = 48;

    private static final Part.Name ALGORITHM = Part.Name.of("Algorithm");
    private static final Part.Name URI = Part.Name.of("URI");

    static final String EXPECTED = "one enveloped XML signature over the whole document, ECDSA over P-384 with SHA-384,"
            + " with nothing but its certificates beside it";

    SignatureBlock {
        certificates = List.copyOf(certificates);
    }

    static SignatureBlock of(Document document, NvidiaRoots roots) throws RefusedRimException {
        int signatures = document.getElementsByTagNameNS(DSIG, "Signature").getLength();
        if (signatures != 1) {
            throw refused("there are %d signatures".formatted(signatures));
        }
        // A signature in another place could cover one part of the document while another is read.
        Element last = lastElement(document.getDocumentElement());
        Part signature = Part.of(last, DSIG, "Signature", EXPECTED).attributes(Set.of());
        List<Part> parts = signature.children(DSIG, List.of("SignedInfo", "SignatureValue", "KeyInfo"));
        checkSignedInfo(parts.get(0).attributes(Set.of()));
        Bytes value = base64(parts.get(1).attributes(Set.of()));
        if (!Signatures.isInP384Order(value)) {
            throw refused("the signature is not two numbers over P-384");
        }
        List<Certificate> certificates = certificates(parts.get(2).attributes(Set.of()), roots);
        // The signature does not cover KeyInfo; without it, there is no key in it that anything could take instead.
        last.removeChild(parts.get(2).element());
        return new SignatureBlock(last, certificates);
    }

    private static Element lastElement(Element root) throws RefusedRimException {
        for (Node node = root.getLastChild(); node != null; node = node.getPreviousSibling()) {
            if (node instanceof Element last) {
                return last;
            }
        }
        throw refused("the document has no elements");
    }

    private static void checkSignedInfo(Part signedInfo) throws RefusedRimException {
        List<Part> parts = signedInfo.children(DSIG, List.of("CanonicalizationMethod", "SignatureMethod", "Reference"));
        algorithm(parts.get(0), CANONICAL);
        algorithm(parts.get(1), ECDSA_SHA384);
        Part reference = parts.get(2).attributes(Set.of(URI)).fixed(URI, "");
        List<Part> inside = reference.children(DSIG, List.of("Transforms", "DigestMethod", "DigestValue"));
        List<Part> transforms = inside.get(0).attributes(Set.of()).children(DSIG, List.of("Transform", "Transform"));
        algorithm(transforms.get(0), ENVELOPED);
        algorithm(transforms.get(1), CANONICAL);
        algorithm(inside.get(1), SHA384);
        if (base64(inside.get(2).attributes(Set.of())).length() != DIGEST_LENGTH) {
            throw refused("the digest is not one of SHA-384");
        }
    }

    private static void algorithm(Part part, String only) throws RefusedRimException {
        part.attributes(Set.of(ALGORITHM)).fixed(ALGORITHM, only).empty();
    }

    private static List<Certificate> certificates(Part keyInfo, NvidiaRoots roots) throws RefusedRimException {
        Part data = keyInfo.children(DSIG, List.of("X509Data")).getFirst().attributes(Set.of());
        var certificates = new ArrayList<Certificate>();
        for (Part each : data.children(DSIG, "X509Certificate")) {
            if (certificates.size() == RimReader.CHAIN_LENGTH) {
                throw refused("there are more than %d certificates".formatted(RimReader.CHAIN_LENGTH));
            }
            try {
                certificates.add(roots.read(base64(each.attributes(Set.of()))));
            } catch (MalformedDerException e) {
                throw refused("certificate %d: %s".formatted(certificates.size() + 1, e.getMessage()));
            }
        }
        return certificates;
    }

    private static Bytes base64(Part part) throws RefusedRimException {
        try {
            return Bytes.copyOf(Base64.getDecoder().decode(part.unspacedText()));
        } catch (IllegalArgumentException _) {
            throw part.refused("%s is not base64".formatted(part.element().getLocalName()));
        }
    }

    /** Refuses the document unless exactly this key signed exactly this document. XML Signature 1.1, section 3.2. */
    void requireSignedBy(PublicKey key, Signatures signatures) throws RefusedRimException {
        var context = new DOMValidateContext(KeySelector.singletonKeySelector(key), element);
        context.setProperty("org.jcp.xml.dsig.secureValidation", true);
        context.setProperty("org.jcp.xml.dsig.internal.dom.SignatureProvider", signatures.provider());
        try {
            XMLSignature signature =
                    XMLSignatureFactory.getInstance("DOM", "XMLDSig").unmarshalXMLSignature(context);
            if (!signature.validate(context)) {
                throw refused(whyNot(signature, context));
            }
        } catch (NoSuchProviderException e) {
            throw new IllegalStateException("the JDK's XML signatures are missing", e);
        } catch (MarshalException _) {
            throw refused("the signature cannot be read");
        } catch (XMLSignatureException e) {
            if (e.getCause() instanceof NoSuchAlgorithmException || e.getCause() instanceof InvalidKeyException) {
                throw new IllegalStateException(signatures.providerName() + " cannot verify XML signatures", e);
            }
            throw refused("the signature does not verify");
        }
    }

    private static String whyNot(XMLSignature signature, DOMValidateContext context) throws XMLSignatureException {
        boolean byKey = signature.getSignatureValue().validate(context);
        boolean overThis = signature.getSignedInfo().getReferences().getFirst().validate(context);
        if (byKey) {
            return "the signature does not verify: the document was altered after it was signed";
        }
        return overThis
                ? "the signature does not verify: it was signed by another key than that of the certificate chain, or altered"
                : "the signature does not verify: neither was this document signed nor is the key that of the certificate chain";
    }

    private static RefusedRimException refused(String actual) {
        return new RefusedRimException(EXPECTED, actual);
    }
}
