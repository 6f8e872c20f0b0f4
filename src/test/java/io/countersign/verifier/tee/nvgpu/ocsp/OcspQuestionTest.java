package io.countersign.verifier.tee.nvgpu.ocsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.Request;
import org.junit.jupiter.api.Test;

class OcspQuestionTest {
    private static final Bytes NAME = Bytes.utf8("a name").sha384();
    private static final Bytes KEY = Bytes.utf8("a key").sha384();
    private static final Bytes NONCE = Bytes.utf8("a nonce").sha256();

    @Test
    void asksAboutOneCertificateWithTheNonceInsideAnOctetString() throws IOException {
        Bytes der = OcspQuestion.der(NAME, KEY, BigInteger.valueOf(0x1234), NONCE);

        var request = OCSPRequest.getInstance(der.toByteArray());
        assertNull(request.getOptionalSignature());
        var list = request.getTbsRequest().getRequestList();
        assertEquals(1, list.size());
        var id = Request.getInstance(list.getObjectAt(0)).getReqCert();
        assertEquals(
                "2.16.840.1.101.3.4.2.2", id.getHashAlgorithm().getAlgorithm().getId());
        assertEquals(NAME, Bytes.copyOf(id.getIssuerNameHash().getOctets()));
        assertEquals(KEY, Bytes.copyOf(id.getIssuerKeyHash().getOctets()));
        assertEquals(BigInteger.valueOf(0x1234), id.getSerialNumber().getValue());
        var extension =
                request.getTbsRequest().getRequestExtensions().getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        assertFalse(extension.isCritical());
        assertEquals(
                NONCE,
                Bytes.copyOf(
                        ASN1OctetString.getInstance(extension.getExtnValue().getOctets())
                                .getOctets()));
        assertEquals(der, Bytes.copyOf(request.getEncoded("DER")));
    }

    @Test
    void nonceOfAnotherLengthIsOurOwnFault() {
        assertThrows(
                IllegalArgumentException.class, () -> OcspQuestion.der(NAME, KEY, BigInteger.ONE, NONCE.slice(0, 31)));
    }

    @Test
    void whatIsNoAnswerHasNoNonce() {
        assertEquals(Optional.empty(), OcspQuestion.nonceOf(Bytes.empty()));
        assertEquals(Optional.empty(), OcspQuestion.nonceOf(OcspQuestion.der(NAME, KEY, BigInteger.ONE, NONCE)));
    }
}
