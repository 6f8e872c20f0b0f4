package io.countersign.testkit;

import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.SgxField;
import io.countersign.insecure.SoftwareQuote;
import io.countersign.insecure.TdField;
import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.function.UnaryOperator;

/** Genuine TDs and enclaves that nobody should trust with a secret: authenticity passes, the policy refuses. */
final class IntelPolicyCases {
    private IntelPolicyCases() {}

    static List<IntelCase> all() {
        return List.of(
                refused("debug", "The host may read and change the TD's memory", q -> q.tdAttributes(0)),
                refused(
                                "debug-v5",
                                "The host may read and change the memory of a TD of TDX 1.5",
                                q -> q.tdAttributes(0))
                        .form(QuoteForm.TDX_15_V5),
                refused(
                                "debug",
                                "The host may read and change the enclave's memory",
                                q -> q.enclave(SgxField.ATTRIBUTES, Bytes.fromHex("0700000000000000e700000000000000")))
                        .sgx(),
                refused("migratable", "The TD can be moved to another machine", q -> q.tdAttributes(29)),
                refused(
                                "service-td-bound",
                                "A service TD may act on this one (MRSERVICETD)",
                                q -> q.td(TdField.MRSERVICETD, Bytes.fromHex("5a".repeat(48))))
                        .form(QuoteForm.TDX_15_V5),
                refused("quoting-agent", "The TD is a quoting and provisioning agent (TPA)", q -> q.tdAttributes(62)),
                refused(
                        "unknown-security-bit",
                        "A TD attribute that nobody knows, among those about security",
                        q -> q.tdAttributes(20)),
                refused(
                        "unknown-other-bit",
                        "A TD attribute that nobody knows, among the others",
                        q -> q.tdAttributes(40)),
                refused("reserved-debug-bit", "A reserved bit beside DEBUG is set", q -> q.tdAttributes(1)),
                refused("profiled", "The host may profile the TD", q -> q.tdAttributes(5)),
                open("performance-monitoring", "The TD may use performance counters", q -> q.tdAttributes(63)),
                open("protection-keys", "The TD may use supervisor protection keys", q -> q.tdAttributes(30)),
                open(
                        "sept-ve-enabled",
                        "The TD does not disable #VE on EPT violations",
                        q -> q.td(TdField.TDATTRIBUTES, Bytes.zeros(8))));
    }

    private static IntelCase refused(String name, String what, UnaryOperator<SoftwareQuote> how) {
        return new IntelCase(name, what).quote(how).refusedByPolicy();
    }

    private static IntelCase open(String name, String what, UnaryOperator<SoftwareQuote> how) {
        return new IntelCase(name, what).quote(how).genuine();
    }
}
