package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.PckCa;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;

/**
 * The SGX extension of a PCK certificate being made. Entries are named by what follows the extension's OID: "4" is the
 * FMSPC, "2.17" the PCE's SVN. Intel SGX PCK Certificate and CRL Profile Specification, rev. 1.5, section 1.3.5.
 */
public final class SoftwareSgxExtension {
    private static final String TCB = "2";
    private static final String CONFIGURATION = "7";

    private record Entry(String name, ASN1Encodable value) {}

    private final List<Entry> entries = new ArrayList<>();
    private final byte[] cpuSvn = IntelMachine.cpuSvn().toByteArray();

    /** The laboratory machine's: seven entries from the platform authority, five from the other. */
    SoftwareSgxExtension(PckCa ca) {
        octets("1", IntelMachine.PPID);
        for (int i = 0; i < IntelMachine.SGX_COMPONENTS.size(); i++) {
            entries.add(new Entry("2." + (i + 1), new ASN1Integer(IntelMachine.SGX_COMPONENTS.get(i))));
        }
        entries.add(new Entry("2.17", new ASN1Integer(IntelMachine.PCE_SVN)));
        octets("2.18", Bytes.copyOf(cpuSvn));
        octets("3", IntelMachine.PCE_ID);
        octets("4", IntelMachine.FMSPC);
        entries.add(new Entry("5", new ASN1Enumerated(ca == PckCa.PLATFORM ? 1 : 0)));
        if (ca == PckCa.PLATFORM) {
            octets("6", IntelMachine.PLATFORM_INSTANCE);
            for (int i = 1; i <= 3; i++) {
                entries.add(new Entry("7." + i, ASN1Boolean.TRUE));
            }
        }
    }

    /** The SVN of a TCB component, 1 to 16; CPUSVN follows where the SVN fits a byte. */
    public SoftwareSgxExtension component(int number, long svn) {
        if (svn >= 0 && svn <= 255) {
            cpuSvn[number - 1] = (byte) svn;
            value("2.18", new DEROctetString(cpuSvn.clone()));
        }
        return value("2." + number, new ASN1Integer(svn));
    }

    public SoftwareSgxExtension pceSvn(long svn) {
        return value("2.17", new ASN1Integer(svn));
    }

    public SoftwareSgxExtension pceId(Bytes id) {
        return octetsInPlaceOf("3", id);
    }

    public SoftwareSgxExtension fmspc(Bytes fmspc) {
        return octetsInPlaceOf("4", fmspc);
    }

    /** An OCTET STRING in place of an entry's value. */
    public SoftwareSgxExtension octetsInPlaceOf(String name, Bytes value) {
        return value(name, new DEROctetString(value.toByteArray()));
    }

    /** Any DER in place of an entry's value. */
    public SoftwareSgxExtension derInPlaceOf(String name, Bytes der) {
        try {
            return value(name, ASN1Primitive.fromByteArray(der.toByteArray()));
        } catch (IOException e) {
            throw new IllegalArgumentException("this is no DER: " + der, e);
        }
    }

    public SoftwareSgxExtension without(String name) {
        entries.removeIf(entry -> entry.name.equals(name));
        return this;
    }

    /** Repeats an entry at the end of its list. */
    public SoftwareSgxExtension twice(String name) {
        List.copyOf(entries).stream().filter(entry -> entry.name.equals(name)).forEach(entries::add);
        return this;
    }

    /** An entry that the profile does not have. */
    public SoftwareSgxExtension unknown(String name) {
        return octets(name, Bytes.fromHex("00"));
    }

    /** The bytes inside the extension's OCTET STRING. */
    public Bytes der() {
        try {
            return Bytes.copyOf(sequence("").getEncoded("DER"));
        } catch (IOException e) {
            throw new IllegalStateException("an extension in memory can always be encoded", e);
        }
    }

    private SoftwareSgxExtension octets(String name, Bytes value) {
        entries.add(new Entry(name, new DEROctetString(value.toByteArray())));
        return this;
    }

    private SoftwareSgxExtension value(String name, ASN1Encodable value) {
        entries.replaceAll(entry -> entry.name.equals(name) ? new Entry(name, value) : entry);
        return this;
    }

    /** The pairs directly under a name; nested lists stand where their first entry does. */
    private DERSequence sequence(String parent) {
        var pairs = new ASN1EncodableVector();
        var nested = new ArrayList<String>();
        for (Entry entry : entries) {
            String first = entry.name.split("\\.", -1)[0];
            boolean inside = entry.name.startsWith(parent + ".");
            if (parent.isEmpty() && (first.equals(TCB) || first.equals(CONFIGURATION)) && !entry.name.equals(first)) {
                if (!nested.contains(first)) {
                    nested.add(first);
                    pairs.add(pair(first, sequence(first)));
                }
            } else if (parent.isEmpty() || inside) {
                pairs.add(pair(entry.name, entry.value));
            }
        }
        return new DERSequence(pairs);
    }

    private static DERSequence pair(String name, ASN1Encodable value) {
        var pair = new ASN1EncodableVector();
        pair.add(new ASN1ObjectIdentifier(IntelNames.SGX_EXTENSION + "." + name));
        pair.add(value);
        return new DERSequence(pair);
    }
}
