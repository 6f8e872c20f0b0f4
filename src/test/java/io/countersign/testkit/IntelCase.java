package io.countersign.testkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.Pem;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.SoftwareCertificate;
import io.countersign.insecure.SoftwareCrl;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.insecure.SoftwareQuote;
import io.countersign.insecure.SoftwareStatement;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** One case being made: everything is as on a good TDX machine until a method makes one thing different. */
final class IntelCase implements FixtureCase {
    static final List<String> AUTHENTICITY = List.of(
            "tdx.format",
            "tdx.quote-signature",
            "tdx.qe-report",
            "tdx.pck-chain",
            "tdx.collateral",
            "tdx.revocation",
            "tdx.binding");

    private static final String TCB = "tdx.tcb";
    private static final String EVENT_LOG = "tdx.event-log";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String name;
    private final String what;
    private final Map<String, String> checks = new LinkedHashMap<>();
    private final Map<String, String> claims = new LinkedHashMap<>();
    private final Map<String, Optional<String>> endorsements = new LinkedHashMap<>();
    private SoftwareIntel quoting = SoftwareIntels.trusted();
    private SoftwareIntel publishing = SoftwareIntels.trusted();
    private QuoteForm form = QuoteForm.TDX_V4;
    private PckCa ca = PckCa.PLATFORM;
    private Optional<String> type = Optional.empty();
    private UnaryOperator<SoftwareQuote> changes = UnaryOperator.identity();
    private UnaryOperator<Bytes> recut = UnaryOperator.identity();
    private Optional<Bytes> reportData = Optional.empty();
    private Optional<String> chain = Optional.empty();
    private Optional<Bytes> eventLog = Optional.empty();
    private Instant at = SoftwareAmds.AS_OF;
    private String authenticity = "";
    private Optional<Boolean> affirming = Optional.empty();
    private String problem = "";

    IntelCase(String name, String what) {
        this.name = name;
        this.what = what;
    }

    IntelCase form(QuoteForm other) {
        form = other;
        return this;
    }

    /** A quote of the older form, about an enclave. */
    IntelCase sgx() {
        return form(QuoteForm.SGX_V3);
    }

    /** Leaf and list of the processor authority. */
    IntelCase processor() {
        ca = PckCa.PROCESSOR;
        return this;
    }

    /** Quote, certificates, lists and statements, all of them by another Intel. */
    IntelCase by(SoftwareIntel other) {
        publishing = other;
        return quotedBy(other);
    }

    /** Quote and certificates by another Intel, lists and statements by ours. */
    IntelCase quotedBy(SoftwareIntel other) {
        quoting = other;
        return this;
    }

    /** The type in the request, whatever the quote is. */
    IntelCase sentAs(String other) {
        type = Optional.of(other);
        return this;
    }

    IntelCase quote(UnaryOperator<SoftwareQuote> how) {
        changes = how;
        return this;
    }

    /** Changes the finished bytes, their number included. */
    IntelCase recut(UnaryOperator<Bytes> how) {
        recut = how;
        return this;
    }

    /** The log beside the quote; the registers stay. */
    IntelCase eventLog(Bytes log) {
        eventLog = Optional.of(log);
        return this;
    }

    IntelCase reportData(Bytes other) {
        reportData = Optional.of(other);
        return this;
    }

    /** Another leaf before the same authority and root. */
    IntelCase leaf(SoftwareCertificate draft) {
        return chain(pem(draft) + quoting.pckCrlChain(ca));
    }

    /** Another authority between the same leaf and root. */
    IntelCase authority(SoftwareCertificate draft) {
        return chain(pem(quoting.pckDraft(ca)) + pem(draft) + Pem.certificate(quoting.root()));
    }

    /** The certificates in the quote. */
    IntelCase chain(String pem) {
        chain = Optional.of(pem);
        return this;
    }

    IntelCase tcbInfo(UnaryOperator<SoftwareStatement> how) {
        return brings("tcb_info", how.apply(publishing.tcbInfo(form.tee())).json());
    }

    IntelCase qeIdentity(UnaryOperator<SoftwareStatement> how) {
        return brings(
                "qe_identity", how.apply(publishing.qeIdentity(form.tee())).json());
    }

    /** The chains of both statements. */
    IntelCase signerChains(String pem) {
        return brings("tcb_info_issuer_chain", pem).brings("qe_identity_issuer_chain", pem);
    }

    IntelCase signer(SoftwareCertificate draft) {
        return signerChains(pem(draft) + Pem.certificate(publishing.root()));
    }

    IntelCase pckCrl(SoftwareCrl draft) {
        return brings("pck_crl", base64(draft.der()));
    }

    IntelCase rootCrl(SoftwareCrl draft) {
        return brings("root_ca_crl", base64(draft.der()));
    }

    /** Another text for a member of {@code endorsements.intel}. */
    IntelCase brings(String member, String text) {
        endorsements.put(member, Optional.of(text));
        return this;
    }

    IntelCase lacks(String... members) {
        for (String member : members) {
            endorsements.put(member, Optional.empty());
        }
        return this;
    }

    IntelCase at(String instant) {
        at = Instant.parse(instant);
        return this;
    }

    /** Every check passes and the shipped policy affirms. */
    IntelCase good() {
        affirming = Optional.of(true);
        return genuine().claim("tcb_status", "UpToDate");
    }

    /** Every check passes, and the shipped policy refuses all the same. */
    IntelCase refusedByPolicy() {
        affirming = Optional.of(false);
        return genuine();
    }

    /** Every check passes; what a policy says is open. */
    IntelCase genuine() {
        authenticity = "genuine";
        AUTHENTICITY.forEach(code -> checks.put(code, "passed"));
        checks.put(TCB, "passed");
        return this;
    }

    /** A genuine machine that Intel does not call up to date. */
    IntelCase behind(String status) {
        refusedByPolicy().claim("tcb_status", status);
        checks.put(TCB, "failed");
        return this;
    }

    /** The evidence is rejected by this check; those that the fault cannot touch pass, the others are open. */
    IntelCase fails(String code, String... passing) {
        authenticity = "rejected";
        affirming = Optional.of(false);
        checks.put(code, "failed");
        for (String other : passing) {
            checks.put(other, "passed");
        }
        return this;
    }

    /** The evidence is rejected by this check and by no other one. */
    IntelCase onlyFails(String code) {
        AUTHENTICITY.forEach(other -> checks.put(other, "passed"));
        return fails(code);
    }

    IntelCase also(String code, String outcome) {
        checks.put(code, outcome);
        return this;
    }

    IntelCase undetermined(String code) {
        AUTHENTICITY.forEach(other -> checks.put(other, "passed"));
        authenticity = "undetermined";
        affirming = Optional.of(false);
        checks.put(code, "undetermined");
        return this;
    }

    /** A claim of the quote's own kind, such as {@code tcb_status}. */
    IntelCase claim(String claim, String value) {
        claims.put(claim, value);
        return this;
    }

    /** The request is answered with a problem in place of a result. */
    IntelCase problem(String code) {
        problem = code;
        return this;
    }

    @Override
    public String folder() {
        return "intel-" + form.tee().word();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String what() {
        return what;
    }

    @Override
    public ObjectNode request() {
        Bytes nonce = Bytes.utf8("countersign fixture %s/%s".formatted(folder(), name))
                .sha256();
        Bytes bound = reportData.orElseGet(
                () -> Bytes.copyOf(BindingArithmetic.reportData(nonce.toByteArray(), new byte[0], List.of())));
        String certificates = chain.orElseGet(() -> quoting.pckChain(ca));
        Bytes quote = recut.apply(
                quoting.quote(form, ca, q -> changes.apply(q.reportData(bound).chain(certificates))));
        var request = JSON.objectNode()
                .put("policy", "baseline")
                .put("at", at.toString())
                .put("nonce", base64Url(nonce))
                .put("binding", "countersign-v1");
        var cpu = request.putObject("evidence").putObject("cpu0");
        cpu.put("type", type.orElse(form.tee().word())).put("quote", base64Url(quote));
        eventLog.ifPresent(log -> cpu.put("event_log", base64Url(log)));
        // Evidence that is refused as it is read needs none.
        var brought = problem.isEmpty()
                ? IntelEndorsements.usual(publishing, form.tee(), ca)
                : new LinkedHashMap<String, String>();
        endorsements.forEach((member, text) ->
                text.ifPresentOrElse(other -> brought.put(member, other), () -> brought.remove(member)));
        if (!brought.isEmpty()) {
            var intel = request.putObject("endorsements").putObject("intel");
            brought.forEach(intel::put);
        }
        return request;
    }

    /** No endorsements beside the quote. */
    IntelCase bringsNothing() {
        return lacks(
                IntelEndorsements.usual(publishing, form.tee(), ca).keySet().toArray(String[]::new));
    }

    @Override
    public ObjectNode expected() {
        var expected = JSON.objectNode().put("what", what);
        if (!problem.isEmpty()) {
            return expected.put("status", 422).put("problem", problem);
        }
        expected.put("status", 200).put("authenticity", authenticity);
        affirming.ifPresent(value -> expected.put("affirming", value));
        if (authenticity.equals("genuine") && form.tee() == TeeType.TDX) {
            checks.putIfAbsent(EVENT_LOG, "undetermined");
        }
        var outcomes = expected.putObject("checks");
        AUTHENTICITY.stream().filter(checks::containsKey).forEach(code -> outcomes.put(code, checks.get(code)));
        List.of(TCB, EVENT_LOG).stream()
                .filter(checks::containsKey)
                .forEach(code -> outcomes.put(code, checks.get(code)));
        if (!claims.isEmpty()) {
            var told = expected.putObject("claims");
            claims.forEach((claim, value) -> told.put(form.tee().word() + "." + claim, value));
        }
        return expected;
    }

    static String pem(SoftwareCertificate draft) {
        return Pem.certificate(draft.der());
    }

    static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static String base64Url(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }
}
