package io.countersign.service;

import io.countersign.insecure.SoftwareIntel;
import io.countersign.insecure.SoftwareStatement;
import io.countersign.service.collateral.FakeVendor;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Intel's Provisioning Certification Service, version 4, as the software Intel would run it. Identities and revocation lists
 * are there from the beginning; TCB info is of the families that a test publishes.
 */
final class LaboratoryPcs {
    static final int EVALUATION = 20;

    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();

    private final FakeVendor server = new FakeVendor();
    private final Instant issued = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(1));

    LaboratoryPcs() {
        for (TeeType tee : TeeType.values()) {
            for (String channel : List.of("standard", "early")) {
                server.replies(
                        "/%s/certification/v4/qe/identity?update=%s".formatted(tee.word(), channel),
                        signed(
                                "SGX-Enclave-Identity-Issuer-Chain",
                                current(INTEL.qeIdentity(tee)).json(),
                                INTEL));
            }
        }
        server.serves(
                "/sgx/certification/v4/pckcrl?ca=platform&encoding=der",
                INTEL.pckCrlDraft(PckCa.PLATFORM)
                        .thisUpdate(issued)
                        .nextUpdate(issued.plus(Duration.ofDays(30)))
                        .der());
        server.serves(
                "/sgx/certification/v4/rootcacrl",
                INTEL.rootCrlDraft()
                        .thisUpdate(issued)
                        .nextUpdate(issued.plus(Duration.ofDays(90)))
                        .der());
    }

    FakeVendor server() {
        return server;
    }

    /** TCB info of a family, issued an hour ago for a month; what a test changes in it is signed. */
    SoftwareStatement tcbInfo(TeeType tee, Bytes fmspc) {
        return tcbInfo(INTEL, tee, fmspc);
    }

    SoftwareStatement tcbInfo(SoftwareIntel by, TeeType tee, Bytes fmspc) {
        return current(by.tcbInfo(tee))
                .with(info -> info.put("fmspc", fmspc.toString().toUpperCase(Locale.ROOT)));
    }

    private SoftwareStatement current(SoftwareStatement statement) {
        return statement.with(body -> body.put("issueDate", issued.toString())
                .put("nextUpdate", issued.plus(Duration.ofDays(30)).toString()));
    }

    /** Gives out the TCB info of a family from now on. */
    void publish(TeeType tee, Bytes fmspc, UnaryOperator<SoftwareStatement> changes) {
        answer(tee, fmspc, tcbInfoReply(changes.apply(tcbInfo(tee, fmspc)), INTEL));
    }

    /** Gives out a family's TDX TCB info as Intel would have it, and says that the TD of such a machine is up to date. */
    void publish(Bytes fmspc) {
        publish(TeeType.TDX, fmspc, UnaryOperator.identity());
    }

    /** Gives out a family's TDX TCB info in the early channel from now on. */
    void publishEarly(Bytes fmspc, UnaryOperator<SoftwareStatement> changes) {
        server.replies(
                "/tdx/certification/v4/tcb?fmspc=%s&update=early".formatted(fmspc),
                tcbInfoReply(changes.apply(tcbInfo(TeeType.TDX, fmspc)), INTEL));
    }

    /** Answers so whenever TCB info of that family is asked for. */
    void answer(TeeType tee, Bytes fmspc, FakeVendor.Reply reply) {
        server.replies(path(tee, fmspc), reply);
    }

    static String path(TeeType tee, Bytes fmspc) {
        return "/%s/certification/v4/tcb?fmspc=%s&update=standard".formatted(tee.word(), fmspc);
    }

    static FakeVendor.Reply tcbInfoReply(SoftwareStatement statement, SoftwareIntel by) {
        return signed("TCB-Info-Issuer-Chain", statement.json(), by);
    }

    private static FakeVendor.Reply signed(String header, String body, SoftwareIntel by) {
        String chain =
                URLEncoder.encode(by.signerChain(), StandardCharsets.UTF_8).replace("+", "%20");
        return new FakeVendor.Reply.Plain(200, Map.of(header, chain), Bytes.utf8(body));
    }
}
