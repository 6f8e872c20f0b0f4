package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import java.io.IOException;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.BERTags;

/**
 * The digest of the first mutable firmware, for which a leaf certificate was issued: TCG DICE Attestation Architecture 1.1,
 * section 6.1. Hopper and LS10 have the older composite device id, Blackwell has TcbInfo.
 */
final class Fwid {
    private static final String COMPOSITE_DEVICE_ID = "2.23.133.5.4.1";
    private static final String TCB_INFO = "2.23.133.5.4.1.1";
    private static final int FWIDS_TAG = 6;
    private static final int LENGTH = 48;

    /** id-sha384: NIST, Computer Security Objects Register. */
    private static final ASN1ObjectIdentifier SHA384 = new ASN1ObjectIdentifier("2.16.840.1.101.3.4.2.2");

    private Fwid() {}

    /** The first FWID of a certificate, 48 bytes; a certificate without exactly one such extension is malformed. */
    static Bytes of(Certificate leaf) throws MalformedDerException {
        Optional<Bytes> composite = leaf.extension(COMPOSITE_DEVICE_ID);
        Optional<Bytes> tcbInfo = leaf.extension(TCB_INFO);
        if (composite.isPresent() == tcbInfo.isPresent()) {
            throw new MalformedDerException(
                    composite.isPresent() ? "it has two FWID extensions" : "it has no FWID extension");
        }
        try {
            return composite.isPresent() ? ofCompositeDeviceId(composite.get()) : ofTcbInfo(tcbInfo.orElseThrow());
        } catch (IOException | RuntimeException _) {
            throw new MalformedDerException("its FWID extension is not what TCG DICE describes");
        }
    }

    /** {@code SEQUENCE { version INTEGER (1), deviceID SubjectPublicKeyInfo, fwid FWID }}. */
    private static Bytes ofCompositeDeviceId(Bytes extension) throws IOException, MalformedDerException {
        ASN1Sequence sequence = sequence(extension);
        return fwid(sequence.getObjectAt(2));
    }

    /** {@code SEQUENCE { …, fwids [6] IMPLICIT SEQUENCE OF FWID, … }}. */
    private static Bytes ofTcbInfo(Bytes extension) throws IOException, MalformedDerException {
        for (ASN1Encodable element : sequence(extension)) {
            if (element instanceof ASN1TaggedObject tagged && tagged.hasContextTag(FWIDS_TAG)) {
                var fwids = (ASN1Sequence) tagged.getBaseUniversal(false, BERTags.SEQUENCE);
                return fwid(fwids.getObjectAt(0));
            }
        }
        throw new MalformedDerException("its TcbInfo holds no FWID");
    }

    /** {@code FWID ::= SEQUENCE { hashAlg OBJECT IDENTIFIER, digest OCTET STRING }}. */
    private static Bytes fwid(ASN1Encodable element) throws MalformedDerException {
        var parts = (ASN1Sequence) element.toASN1Primitive();
        Bytes digest = Bytes.copyOf(((ASN1OctetString) parts.getObjectAt(1)).getOctets());
        if (parts.size() != 2 || !parts.getObjectAt(0).equals(SHA384) || digest.length() != LENGTH) {
            throw new MalformedDerException("its FWID is not a digest of SHA-384");
        }
        return digest;
    }

    private static ASN1Sequence sequence(Bytes der) throws IOException, MalformedDerException {
        var primitive = ASN1Primitive.fromByteArray(der.toByteArray());
        if (!(primitive instanceof ASN1Sequence sequence)
                || !Bytes.copyOf(primitive.getEncoded("DER")).equals(der)) {
            throw new MalformedDerException("its FWID extension is not canonical DER");
        }
        return sequence;
    }
}
