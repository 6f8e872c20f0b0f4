package io.countersign.testkit;

import io.countersign.insecure.RsaSignature;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.insecure.SoftwareCrl;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.VekKind;
import java.time.Instant;
import java.util.List;

/** Revocation lists that revoke, and lists that must not be believed. */
final class SnpRevocationCases {
    private static final SoftwareAmd MILAN = SoftwareAmds.of(Product.MILAN);
    private static final SoftwareAmd FOREIGN = SoftwareAmds.foreignMilan();
    private static final Instant AS_OF = SoftwareAmds.AS_OF;

    private SnpRevocationCases() {}

    static List<SnpCase> all() {
        return List.of(
                fails("ask-revoked", "The list revokes the ASK's serial", list().revoking(0x10001)),
                new SnpCase("asvk-revoked", "The list revokes the ASVK's serial")
                        .vlek()
                        .crl(MILAN.crlDraft(VekKind.VLEK).revoking(0x10101))
                        .failsRevocation(),
                fails(
                        "serial-zero-revoked",
                        "Every VEK has the serial 0: revoking it revokes them all",
                        list().revoking(0)),
                fails(
                        "ask-revoked-among-others",
                        "The ASK's serial stands between others",
                        list().revoking(5).revoking(0x10001).revoking(0x10055)),
                fails(
                        "crl-forged-empty",
                        "An empty list in the ARK's name, signed by somebody else",
                        list().signedBy(FOREIGN.keys().ark())),
                fails(
                        "crl-signed-by-the-ask",
                        "The ASK, which may not sign lists, signed in the ARK's name",
                        list().signedBy(MILAN.keys().ask())),
                fails(
                        "crl-issued-by-the-ask",
                        "The ASK issued and signed the list",
                        list().issuer("SEV-Milan").signedBy(MILAN.keys().ask())),
                fails(
                        "crl-issuer-of-another-name",
                        "The ARK's key signed under another issuer",
                        list().issuer("ARK-Genoa")),
                new SnpCase("crl-of-another-product", "Genoa's list for Milan's chain")
                        .crl(SoftwareAmds.of(Product.GENOA).crlDraft(VekKind.VCEK))
                        .failsRevocation(),
                fails(
                        "crl-expired",
                        "nextUpdate is the time of judgement: from then on the list is over",
                        list().nextUpdate(AS_OF)),
                fails(
                        "crl-from-the-future",
                        "thisUpdate lies 61 seconds ahead",
                        list().thisUpdate(AS_OF.plusSeconds(61))),
                fails("crl-without-next-update", "The list does not say when it ends", list().withoutNextUpdate()),
                fails(
                        "crl-unknown-critical-extension",
                        "The list has a critical extension that nobody knows",
                        list().withUnknownCriticalExtension()),
                fails(
                        "crl-pkcs1-signature",
                        "The ARK signed the list by PKCS #1 version 1.5",
                        list().signature(RsaSignature.PKCS1_SHA384)),
                fails(
                        "crl-pss-salt-20",
                        "The ARK signed the list with a salt of 20 bytes",
                        list().signature(RsaSignature.PSS_SALT_20)),
                new SnpCase("crl-unreadable", "What stands in place of the list is no list")
                        .crl(SnpCase.base64(Bytes.fromHex("3003020101")))
                        .failsRevocation(),
                new SnpCase("crl-followed-by-a-byte", "A byte follows the list")
                        .crl(SnpCase.base64(Bytes.concat(list().der(), Bytes.zeros(1))))
                        .failsRevocation(),
                absent());
    }

    private static SnpCase absent() {
        var absent = new SnpCase("crl-absent-offline", "Nobody has the list, and the service may not fetch it")
                .withoutCrl()
                .genuine();
        return absent.undetermined("snp.revocation");
    }

    private static SnpCase fails(String name, String what, SoftwareCrl list) {
        return new SnpCase(name, what).crl(list).failsRevocation();
    }

    private static SoftwareCrl list() {
        return MILAN.crlDraft(VekKind.VCEK);
    }
}
