package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.dom.DOMCryptoContext;
import javax.xml.crypto.dsig.TransformException;
import javax.xml.crypto.dsig.TransformService;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;

/**
 * An enveloped signature as NVIDIA makes them: Canonical XML 1.1, ECDSA over P-384 with SHA-384, the chain in one X509Data.
 * The JDK's own would differ from run to run, so only the canonical form comes from there. W3C XML Signature 1.1.
 */
public final class NvidiaXmlSignature {
    public static final String C14N_11 = "http://www.w3.org/2006/12/xml-c14n11";
    public static final String ECDSA_SHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";
    public static final String SHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384";

    /** In the order of Canonical XML: the default first, then by prefix. */
    private static final String SCOPE = " xmlns=\"http://standards.iso.org/iso/19770/-2/2015/schema.xsd\""
            + " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\""
            + " xmlns:ns0=\"http://standards.iso.org/iso/19770/-2/2015/schema.xsd\""
            + " xmlns:ns2=\"http://www.w3.org/2001/04/xmlenc#sha384\"";

    private String canonicalization = C14N_11;
    private String signatureMethod = ECDSA_SHA384;
    private String transform = C14N_11;
    private String digestMethod = SHA384;
    private String digestAlgorithm = "SHA-384";
    private UnaryOperator<String> signedInfo = UnaryOperator.identity();
    private UnaryOperator<String> keyInfo = UnaryOperator.identity();
    private UnaryOperator<Bytes> digest = UnaryOperator.identity();
    private UnaryOperator<Bytes> value = UnaryOperator.identity();

    NvidiaXmlSignature() {}

    /** What the signature says about the canonical form of SignedInfo; it stays 1.1, which often comes to the same. */
    public NvidiaXmlSignature canonicalization(String uri) {
        canonicalization = uri;
        return this;
    }

    /** What the signature says about how it was made; it stays ECDSA with SHA-384. */
    public NvidiaXmlSignature method(String uri) {
        signatureMethod = uri;
        return this;
    }

    /** The second transform's name. */
    public NvidiaXmlSignature transform(String uri) {
        transform = uri;
        return this;
    }

    /** Another digest of the document, really made so. */
    public NvidiaXmlSignature digest(String uri, String algorithm) {
        digestMethod = uri;
        digestAlgorithm = algorithm;
        return this;
    }

    /** Changes SignedInfo before it is signed. Elements without content must stand as {@code <a/>}. */
    public NvidiaXmlSignature signedInfo(UnaryOperator<String> change) {
        signedInfo = change;
        return this;
    }

    /** Changes the content of KeyInfo, which nothing signs. */
    public NvidiaXmlSignature keyInfo(UnaryOperator<String> change) {
        keyInfo = change;
        return this;
    }

    /** Signs another digest than the document's. */
    public NvidiaXmlSignature digest(UnaryOperator<Bytes> change) {
        digest = change;
        return this;
    }

    /** r and s, 48 bytes each. */
    public NvidiaXmlSignature value(UnaryOperator<Bytes> change) {
        value = change;
        return this;
    }

    /** The element that goes into a document as the last child of its root. */
    String over(String document, NvidiaKey signer, List<Bytes> chain) {
        String info =
                signedInfo.apply(signedInfo(digest.apply(NvidiaKey.digest(digestAlgorithm, canonical(document)))));
        Bytes signed = value.apply(signer.signRaw(Bytes.utf8(canonicalSignedInfo(info))));
        String certificates = chain.stream()
                .map(der -> "<ds:X509Certificate>%s</ds:X509Certificate>".formatted(certificate(der)))
                .collect(Collectors.joining("", "<ds:X509Data>", "</ds:X509Data>"));
        return "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">%s<ds:SignatureValue>%s</ds:SignatureValue><ds:KeyInfo>%s</ds:KeyInfo></ds:Signature>"
                .formatted(info, base64(signed), keyInfo.apply(certificates));
    }

    private String signedInfo(Bytes digestValue) {
        return "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"%s\"/><ds:SignatureMethod Algorithm=\"%s\"/>"
                        .formatted(canonicalization, signatureMethod)
                + "<ds:Reference URI=\"\"><ds:Transforms>"
                + "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>"
                + "<ds:Transform Algorithm=\"%s\"/></ds:Transforms><ds:DigestMethod Algorithm=\"%s\"/>"
                        .formatted(transform, digestMethod)
                + "<ds:DigestValue>%s</ds:DigestValue></ds:Reference></ds:SignedInfo>".formatted(base64(digestValue));
    }

    /** With every namespace in scope and no empty-element tags. Canonical XML 1.1, section 2.3. */
    private static String canonicalSignedInfo(String info) {
        return info.replaceFirst("<ds:SignedInfo", "<ds:SignedInfo" + SCOPE)
                .replaceAll("<(ds:\\w+)([^<>]*)/>", "<$1$2></$1>");
    }

    /** As genuine RIMs have them: lines of 64, the last one ended too. */
    private static String certificate(Bytes der) {
        String pem = Pem.certificate(der);
        return pem.substring(pem.indexOf('\n') + 1, pem.lastIndexOf("-----END"));
    }

    private static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static Bytes canonical(String document) {
        try {
            var service = TransformService.getInstance(C14N_11, "DOM");
            service.init((TransformParameterSpec) null);
            var made = (OctetStreamData) service.transform(
                    new OctetStreamData(
                            new ByteArrayInputStream(Bytes.utf8(document).toByteArray())),
                    new DOMCryptoContext() {});
            return Bytes.copyOf(made.getOctetStream().readAllBytes());
        } catch (GeneralSecurityException | TransformException | IOException e) {
            throw new IllegalStateException("a document of the laboratory's can always be canonicalized", e);
        }
    }
}
