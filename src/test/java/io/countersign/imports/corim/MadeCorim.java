package io.countersign.imports.corim;

import com.upokecenter.cbor.CBORObject;
import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.Consumer;

/** A CoRIM in the making; every part can be altered before it is signed. */
public final class MadeCorim {
    public static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");
    static final Instant RIM_END = Instant.parse("2027-06-01T00:00:00Z");
    static final Instant SIGNATURE_END = Instant.parse("2027-03-01T00:00:00Z");
    static final String AMD = "tag:amd.com,2025:snp-corim-profile";
    static final String AMD_BY_CHIP = "2b060104019c780301";
    static final String FIRST = "5f".repeat(48);
    static final String SECOND = "6e".repeat(48);

    final CBORObject header = map();
    CBORObject open = map();
    final CBORObject corim = map();
    final CBORObject comid = map();
    final CBORObject reference = CBORObject.NewArray();

    private MadeCorim() {
        comid.Set(1, map().Add(0, "images-2026").Add(1, 3));
        comid.Set(4, map().Add(0, reference));
        corim.Set(0, "corim-7");
        corim.Set(1, CBORObject.NewArray());
        corim.Set(4, map().Add(1, tagged(1, RIM_END.getEpochSecond())));
        header.Set(3, "application/rim+cbor");
        header.Set(15, map().Add(1, "ACME release signing").Add(4, SIGNATURE_END.getEpochSecond()));
    }

    /** Two launch measurements as alternatives, the first beside things that are not imported. */
    public static MadeCorim amd() {
        var made = new MadeCorim();
        made.corim.Set(3, tagged(32, AMD));
        made.triple(amdClass(), digest(641, 7, FIRST), measurement(647, map().Add(1, tagged(553, 24))));
        made.triple(amdClass(), digest(641, 7, SECOND));
        return made;
    }

    static MadeCorim base() {
        return new MadeCorim();
    }

    static MadeCorim intel() {
        var made = new MadeCorim();
        made.corim.Set(3, tagged(111, HexFormat.of().parseHex("6086480186f84d011001")));
        return made;
    }

    MadeCorim triple(CBORObject environment, CBORObject... measurements) {
        CBORObject array = CBORObject.NewArray();
        for (CBORObject each : measurements) {
            array.Add(each);
        }
        reference.Add(CBORObject.NewArray().Add(environment).Add(array));
        return this;
    }

    MadeCorim header(Consumer<CBORObject> change) {
        change.accept(header);
        return this;
    }

    MadeCorim corim(Consumer<CBORObject> change) {
        change.accept(corim);
        return this;
    }

    MadeCorim open(Consumer<CBORObject> change) {
        change.accept(open);
        return this;
    }

    static CBORObject map() {
        return CBORObject.NewOrderedMap();
    }

    static CBORObject tagged(int tag, Object content) {
        return CBORObject.FromObjectAndTag(content, tag);
    }

    static CBORObject amdClass() {
        return environment(AMD_BY_CHIP, "", "");
    }

    static CBORObject environment(String oid, String vendor, String model) {
        CBORObject named = map();
        if (!oid.isEmpty()) {
            named.Add(0, tagged(111, HexFormat.of().parseHex(oid)));
        }
        if (!vendor.isEmpty()) {
            named.Add(1, vendor);
        }
        if (!model.isEmpty()) {
            named.Add(2, model);
        }
        return map().Add(0, named);
    }

    static CBORObject measurement(Object key, CBORObject values) {
        return map().Add(0, key).Add(1, values);
    }

    static CBORObject digest(Object key, Object algorithm, String hex) {
        return measurement(key, map().Add(2, digests(algorithm, hex)));
    }

    static CBORObject digests(Object algorithm, String hex) {
        return CBORObject.NewArray().Add(pair(algorithm, hex));
    }

    static CBORObject pair(Object algorithm, String hex) {
        return CBORObject.NewArray().Add(algorithm).Add(HexFormat.of().parseHex(hex));
    }

    /** The corim-map under its tag. */
    public byte[] payload() {
        CBORObject whole = CBORObject.DecodeFromBytes(corim.EncodeToBytes());
        CBORObject tags = CBORObject.NewArray().Add(tagged(506, comid.EncodeToBytes()));
        CBORObject own = corim.get(CBORObject.FromObject(1));
        for (int i = 0; i < own.size(); i++) {
            tags.Add(own.get(i));
        }
        whole.Set(1, tags);
        return tagged(501, whole).EncodeToBytes();
    }

    public Bytes signed(CorimKey key) {
        return signed(key, payload());
    }

    public Bytes signed(CorimKey key, byte[] payload) {
        return Bytes.copyOf(message(key, payload).EncodeToBytes());
    }

    CBORObject message(CorimKey key, byte[] payload) {
        if (!header.ContainsKey(CBORObject.FromObject(1))) {
            header.Set(1, key.algorithm());
        }
        return message(key, header.EncodeToBytes(), payload);
    }

    CBORObject message(CorimKey key, byte[] protectedHeader, byte[] payload) {
        byte[] input = CBORObject.NewArray()
                .Add("Signature1")
                .Add(protectedHeader)
                .Add(new byte[0])
                .Add(payload)
                .EncodeToBytes();
        return tagged(
                18,
                CBORObject.NewArray()
                        .Add(protectedHeader)
                        .Add(open)
                        .Add(payload)
                        .Add(key.sign(input)));
    }
}
