package io.countersign.service.signing;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import java.util.Optional;
import java.util.stream.Stream;

/** The algorithms that tokens are signed with: RFC 7518, section 3.4. */
public enum SigningAlgorithm {
    ES256("SHA256withECDSA"),
    ES384("SHA384withECDSA");

    private final String signature;

    SigningAlgorithm(String signature) {
        this.signature = signature;
    }

    /** The one of that name, when there is one. */
    public static Optional<SigningAlgorithm> named(String name) {
        return Stream.of(values()).filter(each -> each.name().equals(name)).findFirst();
    }

    public JWSAlgorithm jws() {
        return switch (this) {
            case ES256 -> JWSAlgorithm.ES256;
            case ES384 -> JWSAlgorithm.ES384;
        };
    }

    public Curve curve() {
        return switch (this) {
            case ES256 -> Curve.P_256;
            case ES384 -> Curve.P_384;
        };
    }

    /** Java's name of the signature. */
    public String signature() {
        return signature;
    }

    /** The length of one coordinate: RFC 7518, section 6.2.1.2. */
    int coordinateBytes() {
        return (curve().toECParameterSpec().getCurve().getField().getFieldSize() + 7) / 8;
    }
}
