package io.countersign.testkit;

import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.Certificate;

/** Revocation lists in place of answers about levels 3 and 2 of a GPU's chain. No list is about chips or signers of RIMs. */
final class NvidiaListCases {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final NvidiaArchitecture KIND = NvidiaArchitecture.HOPPER;
    private static final Bytes ROOT_LIST = NVIDIA.rootCrlDraft().der();
    private static final Bytes IDENTITY_LIST = NVIDIA.identityCrlDraft(KIND).der();
    private static final String REVOCATION = "gpu.revocation";

    private NvidiaListCases() {}

    static List<NvidiaCase> all() {
        return List.of(
                brought(
                        "lists-in-place-of-answers",
                        "Revocation lists say that levels 3 and 2 are good",
                        IDENTITY_LIST),
                brought(
                                "list-revokes-level-3",
                                "Level 2's list revokes level 3",
                                NVIDIA.identityCrlDraft(KIND)
                                        .revoking(serial(
                                                NVIDIA.provisionerDraft(KIND).der()))
                                        .der())
                        .fails(REVOCATION),
                brought(
                                "list-expired",
                                "Level 2's list ended a second ago",
                                NVIDIA.identityCrlDraft(KIND)
                                        .nextUpdate(SoftwareAmds.AS_OF.minusSeconds(1))
                                        .der())
                        .fails(REVOCATION),
                brought(
                                "list-by-another-key",
                                "The root signed level 2's list",
                                NVIDIA.identityCrlDraft(KIND)
                                        .signedBy(NVIDIA.deviceRootKey())
                                        .der())
                        .fails(REVOCATION),
                brought(
                                "list-by-a-foreign-nvidia",
                                "A foreign NVIDIA's level 2 signed the list",
                                SoftwareNvidias.foreign()
                                        .identityCrlDraft(KIND)
                                        .authorityKeyIdentifier(
                                                NVIDIA.identityKey(KIND).identifierOfKey())
                                        .der())
                        .fails(REVOCATION),
                brought(
                                "list-with-unknown-critical-extension",
                                "Level 2's list has a critical extension that nobody knows",
                                NVIDIA.identityCrlDraft(KIND)
                                        .withUnknownCriticalExtension()
                                        .der())
                        .fails(REVOCATION),
                brought("list-unreadable", "Level 2's list is no DER", Bytes.utf8("no list"))
                        .fails(REVOCATION),
                brought("list-of-the-root-only", "There is neither list nor answer about level 3", ROOT_LIST)
                        .undetermined(REVOCATION));
    }

    /** This list beside the root's, and answers about the chip and the signers of its RIMs. */
    private static NvidiaCase brought(String name, String what, Bytes list) {
        return new NvidiaCase(name, what)
                .lists(ROOT_LIST, list)
                .answering(answers -> {
                    var rest = new ArrayList<>(answers);
                    rest.subList(1, 3).clear();
                    return rest;
                })
                .genuine();
    }

    private static BigInteger serial(Bytes certificate) {
        return Certificate.getInstance(certificate.toByteArray())
                .getSerialNumber()
                .getPositiveValue();
    }
}
