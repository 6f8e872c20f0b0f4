package io.countersign.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.Pem;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.SgxField;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.insecure.SoftwareQuote;
import io.countersign.insecure.TdField;
import io.countersign.testkit.SoftwareEventLog;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.tee.tdx.PckCa;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A software TD, or an enclave, that answers a challenge and brings nothing but its quote unless a method says otherwise. */
final class TdMachine {
    static final Bytes FIRMWARE =
            Bytes.utf8("the firmware of the laboratory's TD").sha384();
    static final Bytes ENCLAVE = Bytes.utf8("the laboratory's enclave").sha256();

    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();
    private static final List<TdField> REGISTERS = List.of(TdField.RTMR0, TdField.RTMR1, TdField.RTMR2, TdField.RTMR3);

    private final String nonce;
    private final Bytes fmspc;
    private QuoteForm form = QuoteForm.TDX_V4;
    private Bytes firmware = FIRMWARE;
    private Optional<SoftwareEventLog> eventLog = Optional.empty();
    private Optional<String> tcbInfo = Optional.empty();

    private TdMachine(String nonce, Bytes fmspc) {
        this.nonce = nonce;
        this.fmspc = fmspc;
    }

    /** A machine of this family of platforms, with a challenge of its own. */
    static TdMachine ofFamily(Bytes fmspc) {
        return ofFamily(fmspc, Http.nonce());
    }

    /** A machine of this family that was given this nonce, in base64url. */
    static TdMachine ofFamily(Bytes fmspc, String nonce) {
        return new TdMachine(nonce, fmspc);
    }

    /** An SGX enclave in place of the TD. */
    TdMachine enclave() {
        form = QuoteForm.SGX_V3;
        return this;
    }

    TdMachine firmware(Bytes other) {
        firmware = other;
        return this;
    }

    /** Boots as this log says, and brings the log. */
    TdMachine booting(SoftwareEventLog log) {
        eventLog = Optional.of(log);
        return this;
    }

    /** Brings this answer of Intel's. */
    TdMachine bringing(String otherTcbInfo) {
        tcbInfo = Optional.of(otherTcbInfo);
        return this;
    }

    /** The body for an attestation. */
    ObjectNode attestation(String audience, String policy) {
        return appraisal(policy).put("audience", audience);
    }

    /** The body for an appraisal. */
    ObjectNode appraisal(String policy) {
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("policy", policy)
                .put("nonce", nonce)
                .put("binding", BindingMethod.COUNTERSIGN_V1.word());
        var cpu = body.withObject("/evidence/cpu0")
                .put("type", form.tee().word())
                .put("quote", Machine.base64Url(INTEL.quote(form, PckCa.PLATFORM, this::made)));
        eventLog.ifPresent(log -> cpu.put("event_log", Machine.base64(log.ccel())));
        tcbInfo.ifPresent(text -> body.withObject("/endorsements/intel")
                .put("tcb_info", text)
                .put("tcb_info_issuer_chain", INTEL.signerChain()));
        return body;
    }

    private SoftwareQuote made(SoftwareQuote quote) {
        var binding = new Binding(
                BindingMethod.COUNTERSIGN_V1,
                Bytes.copyOf(Base64.getUrlDecoder().decode(nonce)),
                Bytes.empty());
        quote.reportData(binding.expectedReportData(List.of()).orElseThrow());
        quote.chain(Pem.certificate(INTEL.pckDraft(PckCa.PLATFORM, extension -> extension.fmspc(fmspc))
                        .der())
                + INTEL.pckCrlChain(PckCa.PLATFORM));
        eventLog.ifPresent(log -> {
            for (int i = 0; i < REGISTERS.size(); i++) {
                quote.td(REGISTERS.get(i), log.rtmrs().get(i));
            }
        });
        return switch (form.tee()) {
            case TDX -> quote.td(TdField.MRTD, firmware);
            case SGX -> quote.enclave(SgxField.MRENCLAVE, ENCLAVE);
        };
    }
}
