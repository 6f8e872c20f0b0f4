package io.countersign.examples.ohttp;

import com.nimbusds.jose.jwk.JWK;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A key configuration (RFC 9458 section 3.1).
 *
 * <pre>
 * key_id u8 | kem_id u16 | public key, as long as the KEM says | length u16 | { kdf_id u16, aead_id u16 } once or more
 * </pre>
 *
 * @param keyId what the gateway calls this key: not attested
 * @param publicKey of the KEM: the attested part
 * @param suites as offered, also those that are not known here: not attested
 */
public record KeyConfig(int keyId, PublicKey publicKey, List<Suite> suites) {
    /** HKDF-SHA256 (RFC 9180 section 7.2), the only KDF offered here. */
    static final int HKDF_SHA256 = 0x0001;

    private static final int SUITE_LENGTH = 4;
    private static final int HIGHEST_KEY_ID = 0xff;

    /** A KDF and an AEAD by their registered numbers. */
    public record Suite(int kdf, int aead) {
        static Suite of(Aead aead) {
            return new Suite(HKDF_SHA256, aead.id());
        }

        /** The AEAD, where this pair is one that is offered here. */
        Optional<Aead> known() {
            return kdf == HKDF_SHA256 ? Aead.of(aead) : Optional.empty();
        }
    }

    public KeyConfig {
        suites = List.copyOf(suites);
        if (keyId < 0 || keyId > HIGHEST_KEY_ID) {
            throw new IllegalArgumentException("A key id is one byte, not " + keyId);
        }
        if (suites.isEmpty()) {
            throw new IllegalArgumentException("A key configuration offers at least one suite");
        }
    }

    public Kem kem() {
        return publicKey.kem();
    }

    /** The public key in the form in which it is attested. */
    public JWK jwk() {
        return publicKey.jwk();
    }

    /** The first suite known here, in the gateway's order of preference. */
    Optional<Aead> preferredAead() {
        return suites.stream().flatMap(suite -> suite.known().stream()).findFirst();
    }

    boolean offers(Aead aead) {
        return suites.contains(Suite.of(aead));
    }

    public byte[] encode() {
        var out = new ByteArrayOutputStream();
        out.write(keyId);
        u16(out, kem().id());
        out.writeBytes(publicKey.encoded());
        u16(out, suites.size() * SUITE_LENGTH);
        for (Suite suite : suites) {
            u16(out, suite.kdf());
            u16(out, suite.aead());
        }
        return out.toByteArray();
    }

    public static KeyConfig parse(byte[] bytes) throws MalformedException {
        return parse(new Cursor(bytes));
    }

    /** Writes {@code application/ohttp-keys} (RFC 9458 section 3.2): each configuration after its length as u16. */
    public static byte[] encodeList(List<KeyConfig> configs) {
        var out = new ByteArrayOutputStream();
        for (KeyConfig config : configs) {
            byte[] encoded = config.encode();
            u16(out, encoded.length);
            out.writeBytes(encoded);
        }
        return out.toByteArray();
    }

    /** Reads {@code application/ohttp-keys}. One wrong configuration spoils the list: what is recovered could tell clients apart. */
    public static List<KeyConfig> parseList(byte[] bytes) throws MalformedException {
        var cursor = new Cursor(bytes);
        var configs = new ArrayList<KeyConfig>();
        do {
            int length = cursor.u16("the length of a key configuration");
            configs.add(parse(cursor.slice(length, "a key configuration")));
        } while (!cursor.atEnd());
        return List.copyOf(configs);
    }

    private static KeyConfig parse(Cursor cursor) throws MalformedException {
        int keyId = cursor.u8("the key id");
        int kemAt = cursor.position();
        int kemId = cursor.u16("the KEM id");
        Kem kem = Kem.of(kemId)
                .orElseThrow(() -> new MalformedException(String.format(
                        "KEM 0x%04x at offset %d is not one of 0x0010 (P-256), 0x0011 (P-384) and 0x0020 (X25519)",
                        kemId, kemAt)));
        int keyAt = cursor.position();
        PublicKey key = PublicKey.read(kem, cursor.take(kem.keyLength(), "the public key"), keyAt);
        int lengthAt = cursor.position();
        int length = cursor.u16("the length of the list of suites");
        if (length == 0 || length % SUITE_LENGTH != 0) {
            throw new MalformedException("The list of suites is " + length + " bytes long, says offset " + lengthAt
                    + "; expected 4 bytes for each suite, and at least one");
        }
        Cursor list = cursor.slice(length, "the list of suites");
        var suites = new ArrayList<Suite>();
        while (!list.atEnd()) {
            suites.add(new Suite(list.u16("a KDF id"), list.u16("an AEAD id")));
        }
        cursor.demandEnd("The key configuration");
        return new KeyConfig(keyId, key, suites);
    }

    private static void u16(ByteArrayOutputStream out, int value) {
        out.write(value >>> 8);
        out.write(value);
    }
}
