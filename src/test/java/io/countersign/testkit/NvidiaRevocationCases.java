package io.countersign.testkit;

import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareOcsp;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.Extension;

/** What the OCSP responder says, or somebody in its place. The first answer is about the device's boot ROM. */
final class NvidiaRevocationCases {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();

    private NvidiaRevocationCases() {}

    static List<NvidiaCase> all() {
        var other = NVIDIA.answersAbout(NVIDIA.h100("other").chip()).getFirst();
        return List.of(
                first("boot-rom-revoked", "The boot ROM is revoked", answer -> answer.revoked(1)),
                first(
                        "boot-rom-on-hold",
                        "The boot ROM is on hold, which devices never may be",
                        answer -> answer.revoked(6)),
                first("boot-rom-unknown", "The responder does not know the boot ROM", SoftwareOcsp::unknown),
                about(1, "level-3-revoked", "Level 3 is revoked", answer -> answer.revoked(1)),
                about(2, "level-2-revoked", "Level 2 is revoked", answer -> answer.revoked(1)),
                about(3, "rim-signer-revoked", "The signer of the RIMs is revoked", answer -> answer.revoked(1)),
                about(4, "rim-level-3-revoked", "Level 3 of the RIMs is revoked", answer -> answer.revoked(1)),
                first(
                        "answer-ends-now",
                        "nextUpdate is the time of judgement",
                        answer -> answer.nextUpdate(SoftwareAmds.AS_OF)),
                first(
                        "answer-expired",
                        "The answer ended a second ago",
                        answer -> answer.nextUpdate(SoftwareAmds.AS_OF.minusSeconds(1))),
                first(
                        "answer-without-end",
                        "An answer of an hour ago that does not say when it ends",
                        SoftwareOcsp::withoutNextUpdate),
                first(
                        "answer-from-the-future",
                        "The answer begins 61 seconds from now",
                        answer -> answer.thisUpdate(SoftwareAmds.AS_OF.plusSeconds(61))),
                first(
                        "answer-altered",
                        "The answer's signature does not fit it",
                        answer -> answer.signature(Bytes::reversed)),
                first(
                        "answer-signature-zero",
                        "The answer's r and s are zero",
                        answer -> answer.signature(raw -> Bytes.zeros(96))),
                first(
                        "responder-without-its-purpose",
                        "The responder's certificate does not allow it to answer",
                        answer -> answer.responderCertificate(
                                draft -> draft.without(Extension.extendedKeyUsage.getId()))),
                first(
                        "responder-expired",
                        "The responder's certificate ended a second ago",
                        answer -> answer.responderCertificate(
                                draft -> draft.validUntil(SoftwareAmds.AS_OF.minusSeconds(1)))),
                first(
                        "responder-of-another-issuer",
                        "The root's responder answers for level 3",
                        answer -> answer.signedBy(NVIDIA.rootResponder().key())
                                .certificates(
                                        List.of(NVIDIA.rootResponder().draft().der()))),
                first("responder-of-a-foreign-nvidia", "A foreign NVIDIA's responder answers", answer -> {
                    var foreign = SoftwareNvidias.foreign().provisionerResponder(NvidiaArchitecture.HOPPER);
                    return answer.signedBy(foreign.key())
                            .certificates(List.of(foreign.draft().der()));
                }),
                only("answer-about-another-gpu", "The answer about another GPU", List.of(other))
                        .undetermined("gpu.revocation"),
                first(
                                "answer-about-another-serial",
                                "The answer names the next serial",
                                answer -> answer.certId(
                                        id -> id.withSerial(id.serial().add(BigInteger.ONE))))
                        .undetermined("gpu.revocation"),
                new NvidiaCase("answer-unreadable", "The only answer is cut off")
                        .ocsp(List.of(other.der().slice(0, 100)))
                        .genuine()
                        .fails("gpu.revocation"),
                first("answer-by-the-leaf", "The GPU's own leaf answers for its issuer", answer -> answer.signedBy(
                                NVIDIA.h100("fixture").chip().leafKey())
                        .certificates(List.of(
                                NVIDIA.h100("fixture").chip().leafDraft().der()))),
                first("responder-says-try-later", "The responder says: try later", answer -> answer.refused(3)),
                only("answers-absent-offline", "Nobody has an answer, and the service may not fetch one", List.of())
                        .undetermined("gpu.revocation"));
    }

    private static NvidiaCase only(String name, String what, List<SoftwareOcsp> answers) {
        return new NvidiaCase(name, what)
                .ocsp(answers.stream().map(SoftwareOcsp::der).toList())
                .genuine();
    }

    private static NvidiaCase first(String name, String what, UnaryOperator<SoftwareOcsp> how) {
        return about(0, name, what, how);
    }

    private static NvidiaCase about(int position, String name, String what, UnaryOperator<SoftwareOcsp> how) {
        return new NvidiaCase(name, what)
                .answering(answers -> {
                    var changed = new ArrayList<>(answers);
                    changed.set(position, how.apply(answers.get(position)));
                    return changed;
                })
                .genuine()
                .fails("gpu.revocation");
    }
}
