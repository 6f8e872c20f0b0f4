package io.countersign.verifier.tee.tdx.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.util.Optional;

/**
 * A document of Intel's as its service answers it: the object that is signed, the signature over its bytes, and perhaps the
 * chain of the signer. Intel PCS API, version 4, "Get TDX TCB Info" and "Get TDX QE Identity".
 *
 * <p>The signature covers the UTF-8 bytes of the object from its brace to the matching one, exactly as Intel sent them. They
 * are therefore cut out of what was received and never written anew: verify {@link #body}, then parse those same bytes.
 */
public final class SignedCollateral {
    private static final int SIGNATURE_LENGTH = 64;
    private static final String SIGNATURE = "signature";

    /** What kind of document is expected; the name of the member that holds it. */
    public enum Kind {
        TCB_INFO("tcbInfo"),
        QE_IDENTITY("enclaveIdentity");

        private final String member;

        Kind(String member) {
            this.member = member;
        }

        public String member() {
            return member;
        }
    }

    private final Bytes issuerChainPem;
    private final Bytes body;
    private final Bytes signature;
    private final JsonObject signed;

    /** The signed object must be what was read from the very bytes of the body. */
    private SignedCollateral(Bytes issuerChainPem, Bytes body, Bytes signature, JsonObject signed) {
        this.issuerChainPem = issuerChainPem;
        this.body = body;
        this.signature = signature;
        this.signed = signed;
    }

    /** The signer's certificate and the root, as received; empty when none came along. */
    public Bytes issuerChainPem() {
        return issuerChainPem;
    }

    /** The signed bytes, from brace to brace. */
    public Bytes body() {
        return body;
    }

    /** r and s of ECDSA over P-256 with SHA-256, 32 bytes each, big-endian. */
    public Bytes signature() {
        return signature;
    }

    /** What stands in the body. */
    JsonObject signed() {
        return signed;
    }

    /**
     * Reads the issuer chain in PEM, which may be absent, and directly after it the response body: an object with the kind's
     * member and {@code signature}, in either order, and nothing else.
     */
    public static SignedCollateral read(Bytes content, Kind kind) throws MalformedCollateralException {
        String document = kind.member() + " response";
        if (content.length() > JsonReader.MOST_BYTES) {
            throw new MalformedCollateralException("%s has %d bytes with its chain; at most %d are read"
                    .formatted(document, content.length(), JsonReader.MOST_BYTES));
        }
        int brace = firstBrace(content, document);
        Bytes chain = chain(content.slice(0, brace), document);
        Bytes json = content.slice(brace, content.length());
        JsonObject response = JsonReader.object(document, json);
        JsonObject signed = response.object(kind.member());
        Bytes signature = response.hex(SIGNATURE, SIGNATURE_LENGTH);
        if (response.size() != 2) {
            throw new MalformedCollateralException("%s has %d members; %s and %s were expected, and nothing else"
                    .formatted(document, response.size(), kind.member(), SIGNATURE));
        }
        return new SignedCollateral(chain, json.slice(signed.start(), signed.end()), signature, signed);
    }

    /**
     * The same with the white space outside strings taken from the body; empty when there is none. Intel signs a body without
     * any, so that a copy which a tool has laid out for reading fails verification as it stands, and this one does not. That
     * is safe as long as the bytes that verified are the ones that are then parsed: white space between tokens means nothing
     * (RFC 8259, section 2), and {@link #read} has found a valid sequence of tokens already.
     *
     * <p>It serves to tell a sender what is wrong ("send Intel's answer as received"), or to accept such copies where somebody
     * decided to. A body whose members were reordered stays refused either way.
     */
    public Optional<SignedCollateral> compacted() {
        byte[] compact = new byte[body.length()];
        int length = 0;
        boolean inString = false;
        for (int i = 0; i < body.length(); i++) {
            int each = body.u8(i);
            if (inString && each == '\\' && i + 1 < body.length()) {
                compact[length++] = (byte) each;
                i++;
                compact[length++] = (byte) body.u8(i);
                continue;
            }
            if (each == '"') {
                inString = !inString;
            }
            if (inString || !isWhiteSpace(each)) {
                compact[length++] = (byte) each;
            }
        }
        return length == body.length()
                ? Optional.empty()
                : Optional.of(new SignedCollateral(
                        issuerChainPem, Bytes.copyOf(compact).slice(0, length), signature, signed));
    }

    private static int firstBrace(Bytes content, String document) throws MalformedCollateralException {
        for (int i = 0; i < content.length(); i++) {
            if (content.u8(i) == '{') {
                return i;
            }
        }
        throw new MalformedCollateralException(document + " holds no JSON object");
    }

    private static Bytes chain(Bytes before, String document) throws MalformedCollateralException {
        boolean blank = true;
        for (int i = 0; i < before.length(); i++) {
            int each = before.u8(i);
            blank &= isWhiteSpace(each);
            if (!isWhiteSpace(each) && (each < 0x20 || each > 0x7E)) {
                throw new MalformedCollateralException(
                        "%s: byte %d is 0x%02x; certificates in PEM or a brace were expected"
                                .formatted(document, i, each));
            }
        }
        if (blank) {
            return Bytes.empty();
        }
        if (before.startsWith(Bytes.utf8("-----BEGIN%20CERTIFICATE"))) {
            throw new MalformedCollateralException(
                    document + " comes with an issuer chain percent-encoded, as in Intel's header: decode it first");
        }
        if (!before.startsWith(Bytes.utf8("-----BEGIN CERTIFICATE-----"))) {
            throw new MalformedCollateralException(
                    document + " begins with text that is neither a certificate in PEM nor a brace");
        }
        return before;
    }

    private static boolean isWhiteSpace(int each) {
        return each == ' ' || each == '\t' || each == '\n' || each == '\r';
    }
}
