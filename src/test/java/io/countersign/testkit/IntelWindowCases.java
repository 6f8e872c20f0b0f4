package io.countersign.testkit;

import io.countersign.insecure.Pem;
import io.countersign.insecure.SoftwareCrl;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.insecure.SoftwareStatement;
import io.countersign.verifier.tee.tdx.PckCa;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Each of the windows of time that a verdict rests on, over and not begun. */
final class IntelWindowCases {
    private static final String CHAIN = "tdx.pck-chain";
    private static final String COLLATERAL = "tdx.collateral";
    private static final String REVOCATION = "tdx.revocation";
    private static final PckCa CA = PckCa.PLATFORM;
    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();
    private static final Instant NOW = SoftwareAmds.AS_OF;
    private static final Instant JUST_OVER = NOW.minusSeconds(1);
    private static final Instant TOO_FAR_AHEAD = NOW.plusSeconds(61);
    private static final Instant LONG_AGO = Instant.parse("2018-01-01T00:00:00Z");
    private static final Instant FAR_AHEAD = Instant.parse("2060-01-01T00:00:00Z");

    private IntelWindowCases() {}

    static List<IntelCase> all() {
        return List.of(
                chain("leaf-expired", "The PCK certificate ended a second ago")
                        .leaf(INTEL.pckDraft(CA).validUntil(JUST_OVER)),
                chain(
                                "leaf-not-yet-valid",
                                "The PCK certificate begins 61 seconds from now, a second more than clocks may differ")
                        .leaf(INTEL.pckDraft(CA).validFrom(TOO_FAR_AHEAD)),
                chain("authority-expired", "The PCK authority ended a second ago")
                        .authority(INTEL.pckCaDraft(CA).validUntil(JUST_OVER)),
                chain("authority-not-yet-valid", "The PCK authority begins 61 seconds from now")
                        .authority(INTEL.pckCaDraft(CA).validFrom(TOO_FAR_AHEAD)),
                everythingElseValid(chain("root-expired", "In 2050 everything is valid but the root"))
                        .at("2050-01-01T00:00:01Z"),
                everythingElseValid(chain(
                                "root-not-yet-valid",
                                "Everything is valid but the root, which begins 61 seconds from now"))
                        .at("2018-05-21T10:44:09Z"),
                collateral("signer-expired", "The signer of TCB info and QE identity ended a second ago")
                        .signer(INTEL.tcbSignerDraft().validUntil(JUST_OVER)),
                collateral("signer-not-yet-valid", "The signer of TCB info and QE identity begins 61 seconds from now")
                        .signer(INTEL.tcbSignerDraft().validFrom(TOO_FAR_AHEAD)),
                collateral(
                                "signer-of-2018-after-its-end",
                                "The older certificate of the signer's key, which ended on 2025-05-21")
                        .signer(INTEL.tcbSignerDraft()
                                .validFrom(Instant.parse("2018-05-21T10:50:10Z"))
                                .validUntil(Instant.parse("2025-05-21T10:50:10Z"))),
                collateral(
                                "tcb-info-ends-now",
                                "nextUpdate of TCB info is the time of judgement: from then on it is over")
                        .tcbInfo(until(NOW)),
                collateral("tcb-info-expired", "TCB info ended a second ago").tcbInfo(until(JUST_OVER)),
                collateral("tcb-info-from-the-future", "TCB info begins 61 seconds from now")
                        .tcbInfo(from(TOO_FAR_AHEAD)),
                collateral("tcb-info-of-2023", "TCB info of 2023, genuinely signed and long over: a replay")
                        .tcbInfo(between("2023-06-18T08:42:58Z", "2023-07-18T08:42:58Z")),
                collateral("qe-identity-ends-now", "nextUpdate of the QE identity is the time of judgement")
                        .qeIdentity(until(NOW)),
                collateral("qe-identity-expired", "The QE identity ended a second ago")
                        .qeIdentity(until(JUST_OVER)),
                collateral("qe-identity-from-the-future", "The QE identity begins 61 seconds from now")
                        .qeIdentity(from(TOO_FAR_AHEAD)),
                revocation("pck-crl-ends-now", "nextUpdate of the PCK CRL is the time of judgement")
                        .pckCrl(pckCrl().nextUpdate(NOW)),
                revocation("pck-crl-expired", "The PCK CRL ended a second ago").pckCrl(pckCrl().nextUpdate(JUST_OVER)),
                revocation("pck-crl-from-the-future", "The PCK CRL begins 61 seconds from now")
                        .pckCrl(pckCrl().thisUpdate(TOO_FAR_AHEAD)),
                revocation("root-crl-ends-now", "nextUpdate of the root's CRL is the time of judgement")
                        .rootCrl(INTEL.rootCrlDraft().nextUpdate(NOW)),
                revocation("root-crl-expired", "The root's CRL ended a second ago")
                        .rootCrl(INTEL.rootCrlDraft().nextUpdate(JUST_OVER)),
                revocation("root-crl-from-the-future", "The root's CRL begins 61 seconds from now")
                        .rootCrl(INTEL.rootCrlDraft().thisUpdate(TOO_FAR_AHEAD)),
                collateral(
                                "everything-expired-in-an-enclaves-collateral",
                                "TCB info and QE identity of an enclave are over")
                        .sgx()
                        .tcbInfo(until(JUST_OVER))
                        .qeIdentity(until(JUST_OVER)));
    }

    private static IntelCase everythingElseValid(IntelCase made) {
        String begin = LONG_AGO.toString();
        String end = FAR_AHEAD.toString();
        return made.chain(IntelCase.pem(INTEL.pckDraft(CA).validFrom(LONG_AGO).validUntil(FAR_AHEAD))
                        + IntelCase.pem(INTEL.pckCaDraft(CA).validFrom(LONG_AGO).validUntil(FAR_AHEAD))
                        + Pem.certificate(INTEL.root()))
                .signer(INTEL.tcbSignerDraft().validFrom(LONG_AGO).validUntil(FAR_AHEAD))
                .tcbInfo(between(begin, end))
                .qeIdentity(between(begin, end))
                .pckCrl(pckCrl().thisUpdate(LONG_AGO).nextUpdate(FAR_AHEAD))
                .rootCrl(INTEL.rootCrlDraft().thisUpdate(LONG_AGO).nextUpdate(FAR_AHEAD));
    }

    private static UnaryOperator<SoftwareStatement> from(Instant issueDate) {
        return statement -> statement.with(json -> json.put("issueDate", issueDate.toString()));
    }

    private static UnaryOperator<SoftwareStatement> until(Instant nextUpdate) {
        return statement -> statement.with(json -> json.put("nextUpdate", nextUpdate.toString()));
    }

    private static UnaryOperator<SoftwareStatement> between(String issueDate, String nextUpdate) {
        return statement ->
                statement.with(json -> json.put("issueDate", issueDate).put("nextUpdate", nextUpdate));
    }

    private static SoftwareCrl pckCrl() {
        return INTEL.pckCrlDraft(CA);
    }

    private static IntelCase chain(String name, String what) {
        return new IntelCase(name, what).fails(CHAIN, "tdx.format", "tdx.binding");
    }

    private static IntelCase collateral(String name, String what) {
        return new IntelCase(name, what).onlyFails(COLLATERAL);
    }

    private static IntelCase revocation(String name, String what) {
        return new IntelCase(name, what).onlyFails(REVOCATION);
    }
}
