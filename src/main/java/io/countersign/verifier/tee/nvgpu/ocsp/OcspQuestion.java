package io.countersign.verifier.tee.nvgpu.ocsp;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.ocsp.TBSRequest;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;

/** What a responder is asked about one certificate: RFC 6960, section 4.1.1, with the nonce of RFC 9654. */
public final class OcspQuestion {
    /** RFC 9654, section 2.1: who asks must send at least 32 bytes. */
    public static final int NONCE_LENGTH = 32;

    private OcspQuestion() {}

    /**
     * The DER of an OCSPRequest about one certificate.
     *
     * @param issuerNameHash SHA-384 of the DER of the issuer's name
     * @param issuerKeyHash SHA-384 of the issuer's public key, without tag, length and unused bits
     * @param nonce 32 bytes that nobody can guess; another length is an {@link IllegalArgumentException}
     */
    public static Bytes der(Bytes issuerNameHash, Bytes issuerKeyHash, BigInteger serial, Bytes nonce) {
        if (nonce.length() != NONCE_LENGTH) {
            throw new IllegalArgumentException("a nonce of %d bytes, not %d".formatted(nonce.length(), NONCE_LENGTH));
        }
        // RFC 5754, section 2, would leave the NULL out and has everybody accept it; the tools that NVIDIA's responder
        // is
        // there for write it.
        var sha384 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha384, DERNull.INSTANCE);
        var certificate = new CertID(
                sha384,
                new DEROctetString(issuerNameHash.toByteArray()),
                new DEROctetString(issuerKeyHash.toByteArray()),
                new ASN1Integer(serial));
        try {
            // RFC 9654, section 2.1: an OCTET STRING inside the extension's own.
            byte[] inside = new DEROctetString(nonce.toByteArray()).getEncoded("DER");
            var extension = new Extension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(inside));
            var asked =
                    new TBSRequest(null, new DERSequence(new Request(certificate, null)), new Extensions(extension));
            return Bytes.copyOf(new OCSPRequest(asked, null).getEncoded("DER"));
        } catch (IOException e) {
            throw new IllegalStateException("a request in memory can always be encoded", e);
        }
    }

    /**
     * The nonce that an answer repeats, which nobody has vouched for yet: good for telling an answer to this question from one
     * that was made earlier, and for nothing else. Empty when it has none, or is no successful answer that can be read.
     */
    public static Optional<Bytes> nonceOf(Bytes answerDer) {
        return switch (ParsedAnswer.parse(answerDer)) {
            case ParsedAnswer.Reading.Read(ParsedAnswer answer) -> answer.nonce();
            case ParsedAnswer.Reading.Refused _ -> Optional.empty();
        };
    }
}
