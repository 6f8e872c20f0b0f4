package io.countersign.verifier.token;

import java.util.Map;

/** Signs claims as a compact JWS with one key; where that key lives is the shell's business. */
public interface TokenSigner {
    /** The signed token; {@code typ} is the header's type, {@code eat+jwt} or {@code JWT}. */
    String sign(String typ, Map<String, Object> claims);
}
