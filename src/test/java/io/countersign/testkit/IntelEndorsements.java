package io.countersign.testkit;

import io.countersign.insecure.SoftwareIntel;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a request brings in {@code endorsements.intel}. */
final class IntelEndorsements {
    private IntelEndorsements() {}

    /** As an Intel publishes it, but for the chain of the PCK CRL, which the quote brings already. */
    static Map<String, String> usual(SoftwareIntel intel, TeeType tee, PckCa ca) {
        var usual = new LinkedHashMap<String, String>();
        usual.put("tcb_info", intel.tcbInfo(tee).json());
        usual.put("tcb_info_issuer_chain", intel.signerChain());
        usual.put("qe_identity", intel.qeIdentity(tee).json());
        usual.put("qe_identity_issuer_chain", intel.signerChain());
        usual.put("pck_crl", IntelCase.base64(intel.pckCrlDraft(ca).der()));
        usual.put("root_ca_crl", IntelCase.base64(intel.rootCrlDraft().der()));
        return usual;
    }
}
