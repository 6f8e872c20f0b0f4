package io.countersign.verifier.tee.nvgpu.rim;

import io.countersign.insecure.Pem;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.TrustAnchors;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.Key;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLObject;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.SignatureMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** A manifest being made and signed by a software NVIDIA. It starts out as the genuine one would be; each method makes one thing different. */
final class SoftwareRim {
    static final String C14N11 = "http://www.w3.org/2006/12/xml-c14n11";
    static final String ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    static final String ECDSA_SHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";
    static final String SHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384";
    static final SoftwareRimPki PKI =
            new SoftwareRimPki("NVIDIA Reference Value GH100 CA", "NVIDIA Reference Value L3 GH100 001");

    private String text = new ManifestText().toString();
    private SoftwareRimPki pki = PKI;
    private Key key = PKI.leafKey();
    private List<Bytes> certificates = PKI.chain();
    private String canonicalization = C14N11;
    private String method = ECDSA_SHA384;
    private String digest = SHA384;
    private List<String> transforms = List.of(ENVELOPED, C14N11);
    private final List<String> uris = new ArrayList<>(List.of(""));
    private String idOfRoot = "";
    private boolean withObject;
    private @Nullable String keyInfo;

    /** Transforms that need a parameter get this one. */
    private @Nullable TransformParameterSpec parameter;

    static TrustAnchors anchors(SoftwareRimPki pki) {
        return TrustAnchors.parse(
                "# anchor: nvidia-rim-root\n" + Pem.certificate(pki.root()), TrustAnchors.Origin.LABORATORY);
    }

    static RimReader reader() {
        return Rims.reader(
                anchors(PKI),
                io.countersign.verifier.trust.AnchorRole.NVIDIA_RIM_ROOT,
                Rims.FAST,
                io.countersign.verifier.trust.SignatureFacts.forgetful());
    }

    SoftwareRim manifest(ManifestText manifest) {
        text = manifest.toString();
        return this;
    }

    SoftwareRim text(String xml) {
        text = xml;
        return this;
    }

    /** Everything of another chain. */
    SoftwareRim by(SoftwareRimPki other) {
        pki = other;
        key = pki.leafKey();
        certificates = pki.chain();
        return this;
    }

    SoftwareRim key(Key other) {
        key = other;
        return this;
    }

    SoftwareRim certificates(List<Bytes> others) {
        certificates = others;
        return this;
    }

    SoftwareRim canonicalization(String algorithm) {
        canonicalization = algorithm;
        return this;
    }

    SoftwareRim method(String algorithm) {
        method = algorithm;
        return this;
    }

    SoftwareRim digest(String algorithm) {
        digest = algorithm;
        return this;
    }

    SoftwareRim transforms(String... algorithms) {
        transforms = List.of(algorithms);
        return this;
    }

    SoftwareRim parameter(TransformParameterSpec spec) {
        parameter = spec;
        return this;
    }

    SoftwareRim references(String... to) {
        uris.clear();
        uris.addAll(Arrays.asList(to));
        return this;
    }

    /** The attribute Id of the root, for references to it. */
    SoftwareRim idOfRoot(String id) {
        idOfRoot = id;
        return this;
    }

    SoftwareRim withObject() {
        withObject = true;
        return this;
    }

    /** What stands in KeyInfo, instead of the certificates. */
    SoftwareRim keyInfo(String xml) {
        keyInfo = xml;
        return this;
    }

    static String x509Data(List<Bytes> certificates) {
        return certificates.stream()
                .map(der -> "<ds:X509Certificate>"
                        + java.util.Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der.toByteArray())
                        + "\n</ds:X509Certificate>")
                .collect(Collectors.joining("", "<ds:X509Data>", "</ds:X509Data>"));
    }

    /** The signed document as text, for attacks that change it afterwards. */
    String sign() {
        try {
            var factory = XMLSignatureFactory.getInstance("DOM");
            Document document = parse(text);
            Element root = document.getDocumentElement();
            if (!idOfRoot.isEmpty()) {
                root.setAttribute("Id", idOfRoot);
                root.setIdAttribute("Id", true);
            }
            var references = new ArrayList<Reference>();
            for (String uri : uris) {
                var steps = new ArrayList<Transform>();
                for (String each : transforms) {
                    steps.add(factory.newTransform(
                            each, each.contains("c14n") || each.equals(ENVELOPED) ? null : parameter));
                }
                references.add(factory.newReference(uri, factory.newDigestMethod(digest, null), steps, null, null));
            }
            SignatureMethod signatureMethod = factory.newSignatureMethod(method, (SignatureMethodParameterSpec) null);
            var info = factory.newSignedInfo(
                    factory.newCanonicalizationMethod(canonicalization, (C14NMethodParameterSpec) null),
                    signatureMethod,
                    references);
            List<XMLObject> objects = withObject ? List.of(factory.newXMLObject(null, null, null, null)) : List.of();
            var context = new DOMSignContext(key, root);
            context.setDefaultNamespacePrefix("ds");
            context.setProperty("org.jcp.xml.dsig.secureValidation", false);
            factory.newXMLSignature(info, null, objects, null, null).sign(context);
            String inside = keyInfo == null ? x509Data(certificates) : keyInfo;
            return written(document)
                    .replaceFirst(
                            "</ds:SignatureValue>", "</ds:SignatureValue><ds:KeyInfo>" + inside + "</ds:KeyInfo>");
        } catch (Exception e) {
            throw new AssertionError("the fake could not be made", e);
        }
    }

    Bytes bytes() {
        return Bytes.utf8(sign());
    }

    static Document parse(String xml) throws Exception {
        return DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)));
    }

    private static String written(Document document) throws Exception {
        var writer = TransformerFactory.newDefaultInstance().newTransformer();
        writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        var text = new StringWriter();
        writer.transform(new DOMSource(document), new StreamResult(text));
        return text.toString();
    }
}
