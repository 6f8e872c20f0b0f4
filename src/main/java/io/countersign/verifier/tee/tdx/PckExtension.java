package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.collateral.PlatformTcb;
import io.countersign.verifier.trust.Certificate;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.jspecify.annotations.Nullable;

/**
 * Reads the SGX extension strictly: every entry once, nothing missing, every value in its range. Intel SGX PCK Certificate and
 * CRL Profile, section 1.4.4.
 */
final class PckExtension {
    static final String OID = "1.2.840.113741.1.13.1";

    private static final int COMPONENTS = 16;

    /** The extension, or the one sentence that says what is wrong with it. */
    sealed interface Reading {
        record Read(PckIdentity identity) implements Reading {}

        record Unreadable(String why) implements Reading {}
    }

    /** Internal: something is not as the profile has it. */
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String why) {
            super(why, null, false, false);
        }
    }

    private PckExtension() {}

    static Reading read(Certificate certificate) {
        Optional<Bytes> value = certificate.extension(OID);
        if (value.isEmpty()) {
            return new Reading.Unreadable("it has no SGX extension (" + OID + ")");
        }
        try {
            ASN1Primitive parsed = ASN1Primitive.fromByteArray(value.get().toByteArray());
            if (parsed == null || !Bytes.copyOf(parsed.getEncoded("DER")).equals(value.get())) {
                return new Reading.Unreadable("its SGX extension is not DER");
            }
            return new Reading.Read(identity(parsed));
        } catch (Unfit e) {
            return new Reading.Unreadable("its SGX extension is not as Intel makes it: " + e.getMessage());
        } catch (IOException | RuntimeException _) {
            return new Reading.Unreadable("its SGX extension is not DER");
        }
    }

    private static PckIdentity identity(ASN1Encodable value) throws Unfit {
        Map<Integer, ASN1Encodable> entries = entries(value, OID, 1, 7);
        Map<Integer, ASN1Encodable> tcb = entries(entry(entries, 2), OID + ".2", 1, COMPONENTS + 2);
        var components = new ArrayList<Integer>();
        for (int i = 1; i <= COMPONENTS; i++) {
            components.add(integer(entry(tcb, i), 255, "component " + i));
        }
        int pceSvn = integer(entry(tcb, COMPONENTS + 1), 65_535, "PCESVN");
        int sgxType = enumerated(entry(entries, 5));
        ASN1Encodable instance = entries.get(6);
        ASN1Encodable configuration = entries.get(7);
        return new PckIdentity(
                octets(entry(entries, 1), 16, "PPID"),
                new PlatformTcb(List.copyOf(components), pceSvn),
                octets(entry(tcb, COMPONENTS + 2), 16, "CPUSVN"),
                octets(entry(entries, 3), 2, "PCE-ID"),
                octets(entry(entries, 4), 6, "FMSPC"),
                sgxType,
                instance == null ? Optional.empty() : Optional.of(octets(instance, 16, "platform instance id")),
                configuration == null ? PckIdentity.Configuration.UNSTATED : configuration(configuration));
    }

    private static PckIdentity.Configuration configuration(ASN1Encodable value) throws Unfit {
        Map<Integer, ASN1Encodable> entries = entries(value, OID + ".7", 1, 3);
        return new PckIdentity.Configuration(flag(entries.get(1)), flag(entries.get(2)), flag(entries.get(3)));
    }

    /** Pairs of an OID below a base and a value, each once, by the OID's last arc. */
    private static Map<Integer, ASN1Encodable> entries(ASN1Encodable value, String base, int first, int last)
            throws Unfit {
        if (!(value instanceof ASN1Sequence sequence)) {
            throw new Unfit("a sequence was expected at " + base);
        }
        var entries = new HashMap<Integer, ASN1Encodable>();
        for (ASN1Encodable each : sequence) {
            if (!(each instanceof ASN1Sequence pair)
                    || pair.size() != 2
                    || !(pair.getObjectAt(0) instanceof ASN1ObjectIdentifier oid)) {
                throw new Unfit("what stands below " + base + " is not a pair of an OID and a value");
            }
            int arc = lastArc(oid.getId(), base);
            if (arc < first || arc > last) {
                throw new Unfit(oid.getId() + " does not belong below " + base);
            }
            if (entries.put(arc, pair.getObjectAt(1)) != null) {
                throw new Unfit(oid.getId() + " stands there twice");
            }
        }
        return entries;
    }

    /** The one or two digits after a base; -1 for any other OID. */
    private static int lastArc(String oid, String base) {
        int digits = oid.length() - base.length() - 1;
        return oid.startsWith(base) && (digits == 1 || digits == 2) && oid.charAt(base.length()) == '.'
                ? Integer.parseInt(oid, oid.length() - digits, oid.length(), 10)
                : -1;
    }

    private static ASN1Encodable entry(Map<Integer, ASN1Encodable> entries, int arc) throws Unfit {
        ASN1Encodable found = entries.get(arc);
        if (found == null) {
            throw new Unfit("the entry ." + arc + " is missing");
        }
        return found;
    }

    private static Bytes octets(ASN1Encodable value, int length, String name) throws Unfit {
        if (value instanceof ASN1OctetString octets && octets.getOctetsLength() == length) {
            return Bytes.copyOf(octets.getOctets());
        }
        throw new Unfit("%s is not %d bytes".formatted(name, length));
    }

    private static int integer(ASN1Encodable value, int greatest, String name) throws Unfit {
        if (value instanceof ASN1Integer integer) {
            BigInteger number = integer.getValue();
            if (number.signum() >= 0 && number.compareTo(BigInteger.valueOf(greatest)) <= 0) {
                return number.intValueExact();
            }
        }
        throw new Unfit("%s is not an integer from 0 to %d".formatted(name, greatest));
    }

    private static int enumerated(ASN1Encodable value) throws Unfit {
        if (value instanceof ASN1Enumerated enumerated) {
            BigInteger number = enumerated.getValue();
            if (number.signum() >= 0 && number.bitLength() <= 7) {
                return number.intValueExact();
            }
        }
        throw new Unfit("the SGX type is not an enumerated value");
    }

    private static Optional<Boolean> flag(@Nullable ASN1Encodable value) throws Unfit {
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof ASN1Boolean flag) {
            return Optional.of(flag.isTrue());
        }
        throw new Unfit("a configuration entry is not a boolean");
    }
}
