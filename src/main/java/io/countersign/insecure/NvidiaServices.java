package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;

/** What NVIDIA's two services answer, without a network: the RIM service by id, the OCSP responder by request. */
public final class NvidiaServices {
    /** Certificates that were never registered get this: RFC 6960, section 2.3, unauthorized. */
    private static final int UNAUTHORIZED = 6;

    private static final int MALFORMED_REQUEST = 1;

    private final SoftwareNvidia nvidia;
    private final Map<String, SoftwareRim> rims = new ConcurrentHashMap<>();
    private final Map<Bytes, Supplier<SoftwareOcsp>> answers = new ConcurrentHashMap<>();
    private UnaryOperator<SoftwareOcsp> change = UnaryOperator.identity();

    public NvidiaServices(SoftwareNvidia nvidia) {
        this.nvidia = nvidia;
    }

    /** A GPU's chain, its RIMs and their chain. */
    public NvidiaServices knows(SoftwareGpu gpu) {
        return knows(gpu.chip())
                .gives(SoftwareRim.driver(nvidia, gpu.board()))
                .gives(SoftwareRim.vbios(nvidia, gpu.board()));
    }

    public NvidiaServices knows(SoftwareSwitch device) {
        return knows(device.chip()).gives(SoftwareRim.switchBios(nvidia, device));
    }

    private NvidiaServices knows(NvidiaChip chip) {
        var pki = nvidia.rims(chip.architecture());
        for (int i = 0; i < 3; i++) {
            int position = i;
            answers(() -> nvidia.answersAbout(chip).get(position));
            answers(() -> nvidia.answersAbout(pki).get(position));
            answers(() -> nvidia.answersAbout(pki, pki.laterSignerDraft()).get(position));
        }
        return this;
    }

    /** Gives out this document under its id, in place of another one. */
    public NvidiaServices gives(SoftwareRim rim) {
        rims.put(rim.id(), rim);
        return this;
    }

    /** Makes every answer different from now on. */
    public NvidiaServices answering(UnaryOperator<SoftwareOcsp> how) {
        change = how;
        return this;
    }

    private void answers(Supplier<SoftwareOcsp> answer) {
        answers.put(key(answer.get().subject().encoded(SoftwareOcsp.Hash.SHA384)), answer);
        answers.put(key(answer.get().subject().encoded(SoftwareOcsp.Hash.SHA256)), answer);
        answers.put(key(answer.get().subject().encoded(SoftwareOcsp.Hash.SHA1)), answer);
    }

    /** Issuer's name, issuer's key and serial, whatever the hash's parameters are. */
    private static Bytes key(ASN1Sequence certId) {
        return Bytes.concat(
                NvidiaExtensions.der(certId.getObjectAt(1)),
                NvidiaExtensions.der(certId.getObjectAt(2)),
                NvidiaExtensions.der(certId.getObjectAt(3)));
    }

    /** The JSON under {@code /v1/rim/<id>}; empty for 404. */
    public Optional<String> rim(String id) {
        return Optional.ofNullable(rims.get(id)).map(SoftwareRim::serviceJson);
    }

    /** OCSPResponse for OCSPRequest, both in DER. */
    public Bytes ocsp(Bytes request) {
        CertID asked;
        Optional<Bytes> nonce;
        try {
            var parsed = OCSPRequest.getInstance(request.toByteArray()).getTbsRequest();
            asked = Request.getInstance(parsed.getRequestList().getObjectAt(0)).getReqCert();
            nonce = Optional.ofNullable(parsed.getRequestExtensions())
                    .map(extensions -> extensions.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce))
                    .map(Extension::getParsedValue)
                    .map(value ->
                            Bytes.copyOf(ASN1OctetString.getInstance(value).getOctets()));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
            return refused(MALFORMED_REQUEST);
        }
        var answer = answers.get(key((ASN1Sequence) asked.toASN1Primitive()));
        if (answer == null) {
            return refused(UNAUTHORIZED);
        }
        SoftwareOcsp made = answer.get().hash(hash(asked));
        nonce.ifPresent(made::nonce);
        return change.apply(made).der();
    }

    private Bytes refused(int why) {
        Bytes root = nvidia.deviceRoot();
        return nvidia.answer(nvidia.rootResponder(), root, root).refused(why).der();
    }

    private static SoftwareOcsp.Hash hash(CertID asked) {
        var algorithm = asked.getHashAlgorithm().getAlgorithm();
        if (algorithm.equals(OIWObjectIdentifiers.idSHA1)) {
            return SoftwareOcsp.Hash.SHA1;
        }
        return algorithm.equals(NISTObjectIdentifiers.id_sha256) ? SoftwareOcsp.Hash.SHA256 : SoftwareOcsp.Hash.SHA384;
    }
}
