package io.countersign.examples.ohttp;

/** Media types and paths that client and gateway agree on. */
final class MediaType {
    /** RFC 9458 section 3.2; one configuration after the other. */
    static final String KEYS = "application/ohttp-keys";
    /** RFC 9458 section 9. */
    static final String REQUEST = "message/ohttp-req";
    /** RFC 9458 section 9. */
    static final String RESPONSE = "message/ohttp-res";
    /** RFC 9782. */
    static final String TOKEN = "application/eat+jwt";

    /** RFC 9540: the key configurations for GET, the gateway itself for POST. */
    static final String GATEWAY_PATH = "/.well-known/ohttp-gateway";
    /** The token, beside them: it lives for minutes, so caches must not keep it as long as the keys. */
    static final String TOKEN_PATH = GATEWAY_PATH + "/countersign-token";

    private MediaType() {}
}
