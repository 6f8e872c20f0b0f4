package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.pki.SignedChain;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * Which device a chain is of. The leaf changes when the device starts anew; the certificate of its boot ROM, and with it the
 * PDI, stays: genuine devices were seen with several leaves, and always with one PDI.
 *
 * @param hwmodel the common name of the boot ROM's certificate: {@code GH100 A01 GSP BROM}
 * @param pdi per-device identifier, 8 bytes: the end of the serialNumber in the name of that certificate. That these are the PDI which
 *     switches and GPUs report of each other was found on 8 GPUs and 5 switches
 * @param leafSerial lowercase hex
 * @param ueid the leaf's serial number in decimal, as NVIDIA's own service says it
 * @param fwid 48 bytes
 */
record DeviceIdentity(
        Architecture architecture, String hwmodel, Bytes pdi, String leafSerial, String ueid, Bytes fwid) {
    private static final int LEAF = 0;
    private static final int BOOT_ROM = 1;
    private static final int PROVISIONER = 2;
    private static final int INTERMEDIATE = 3;
    private static final int PDI_LENGTH = 8;

    /** DMTF-device-info: DSP0274, section "Subject alternative name". */
    private static final ASN1ObjectIdentifier DEVICE_INFO = new ASN1ObjectIdentifier("1.3.6.1.4.1.412.274.1");

    private static final Pattern DEVICE_INFO_TEXT = Pattern.compile("NVIDIA:([A-Z0-9_]{1,16}):[0-9A-F]{16}");

    /** Reads it from a chain that leads to the pinned root; what contradicts itself or is not known is malformed. */
    static DeviceIdentity of(SignedChain chain) throws MalformedDerException {
        Certificate leaf = chain.leaf();
        Certificate bootRom = chain.certificates().get(BOOT_ROM);
        String name = deviceName(leaf);
        Architecture architecture = Architecture.ofCertificateName(name)
                .orElseThrow(
                        () -> new MalformedDerException("it is of a device called %s, which is not known here: %s are"
                                .formatted(name, List.of(Architecture.values()))));
        List<String> findings = nameFindings(chain.certificates(), architecture);
        if (!findings.isEmpty()) {
            throw new MalformedDerException(String.join("; ", findings));
        }
        String leafSerial = hex(leaf.serial());
        String named = serialNumber(leaf);
        if (!named.isEmpty() && !leafSerial.equalsIgnoreCase(named)) {
            throw new MalformedDerException("the leaf's serial number differs from the one in its name");
        }
        return new DeviceIdentity(
                architecture,
                bootRom.subjectCommonName(),
                pdi(bootRom, architecture.device()),
                leafSerial,
                leaf.serial().toString(),
                Fwid.of(leaf));
    }

    private static List<String> nameFindings(List<Certificate> chain, Architecture architecture) {
        String name = Pattern.quote(architecture.certificateName());
        var findings = new ArrayList<String>();
        require(chain.get(LEAF), name + " .*FMC LF", findings);
        require(chain.get(BOOT_ROM), name + " .*BROM", findings);
        require(chain.get(PROVISIONER), "NVIDIA " + name + " Provisioner ICA.*", findings);
        require(
                chain.get(INTERMEDIATE),
                "NVIDIA " + Pattern.quote(architecture.identityName()) + " Identity.*",
                findings);
        return findings;
    }

    private static void require(Certificate certificate, String pattern, List<String> findings) {
        if (!certificate.subjectCommonName().matches(pattern)) {
            findings.add("\"%s\" is not the name of a certificate in its place: the chain is of another product"
                    .formatted(certificate.subjectCommonName()));
        }
    }

    private static Bytes pdi(Certificate bootRom, Architecture.Device device) throws MalformedDerException {
        String text = serialNumber(bootRom);
        Bytes prefix = device.serialPrefix();
        if (!text.matches("[0-9A-Fa-f]{18}") || !Bytes.fromHex(text).startsWith(prefix)) {
            throw new MalformedDerException(
                    "the serialNumber in the name of the boot ROM's certificate is not %s and 8 bytes"
                            .formatted(prefix));
        }
        return Bytes.fromHex(text).slice(1, 1 + PDI_LENGTH);
    }

    private static String hex(BigInteger serial) {
        String digits = serial.toString(16);
        return digits.length() % 2 == 0 ? digits : "0" + digits;
    }

    /** The only serialNumber of a subject; the empty text when there is none or more than one. */
    private static String serialNumber(Certificate certificate) {
        var names = X500Name.getInstance(certificate.subject().toByteArray()).getRDNs(BCStyle.SERIALNUMBER);
        return names.length == 1 ? names[0].getFirst().getValue().toString() : "";
    }

    /** The product in the DMTF device information: {@code GH100} of {@code NVIDIA:GH100:48B02D51C9C1070B}. */
    private static String deviceName(Certificate leaf) throws MalformedDerException {
        Optional<Bytes> extension = leaf.extension(Extension.subjectAlternativeName.getId());
        if (extension.isEmpty()) {
            throw new MalformedDerException("the leaf names no device");
        }
        try {
            var names = GeneralNames.getInstance(
                            ASN1Primitive.fromByteArray(extension.get().toByteArray()))
                    .getNames();
            if (names.length == 1 && names[0].getTagNo() == GeneralName.otherName) {
                ASN1Sequence other = ASN1Sequence.getInstance(names[0].getName());
                var value = ((ASN1TaggedObject) other.getObjectAt(1)).getExplicitBaseObject();
                Matcher text = DEVICE_INFO_TEXT.matcher(((ASN1UTF8String) value).getString());
                if (other.getObjectAt(0).equals(DEVICE_INFO) && text.matches()) {
                    return text.group(1);
                }
            }
        } catch (IOException | RuntimeException _) {
            // the sentence below says what was expected
        }
        throw new MalformedDerException("the leaf's alternative name is not a DMTF device information of NVIDIA's");
    }
}
