package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.Window;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * A whole Intel in software: root, PCK authorities and leaves, signer of TCB info, revocation lists, TCB info, QE identity,
 * and the quoting enclave of one machine. Names, serials, extensions and encodings are Intel's; the keys are not, so nothing
 * here passes without an anchor that says so.
 */
public final class SoftwareIntel {
    private static final Duration STATEMENT_LIFE = Duration.ofDays(30);
    private static final Duration ROOT_CRL_LIFE = Duration.ofDays(365);
    private static final Duration PCK_LIFE = Duration.ofDays(7 * 365);
    private static final int KEY_COMPROMISE = 1;

    private final IntelKeys keys;
    private final Instant issuedAt;
    private final Bytes root;

    /**
     * An Intel with these keys.
     *
     * @param asOf whole seconds; leaves, lists and statements are issued a day before it
     */
    public SoftwareIntel(IntelKeys keys, Instant asOf) {
        this.keys = keys;
        this.issuedAt = asOf.minus(Duration.ofDays(1));
        this.root = rootDraft().der();
    }

    /** An Intel whose keys are made now and end with this object. */
    public static SoftwareIntel fresh(SecureRandom random, Instant asOf) {
        return new SoftwareIntel(IntelKeys.fresh(random), asOf);
    }

    public IntelKeys keys() {
        return keys;
    }

    public Bytes root() {
        return root;
    }

    /** A quote about the laboratory's enclave or TD, certified by one of the two authorities. */
    public Bytes quote(QuoteForm form, PckCa ca, UnaryOperator<SoftwareQuote> changes) {
        return changes.apply(new SoftwareQuote(form, this, ca)).signed();
    }

    /** PEM: leaf, authority, root. */
    public String pckChain(PckCa ca) {
        return Pem.certificate(pckDraft(ca).der()) + pckCrlChain(ca);
    }

    /** PEM: authority, root. */
    public String pckCrlChain(PckCa ca) {
        return Pem.certificate(pckCaDraft(ca).der()) + Pem.certificate(root);
    }

    /** PEM: signer of TCB info and QE identity, root. */
    public String signerChain() {
        return Pem.certificate(tcbSignerDraft().der()) + Pem.certificate(root);
    }

    public SoftwareStatement tcbInfo(TeeType tee) {
        return new SoftwareStatement("tcbInfo", IntelStatements.tcbInfo(tee, statementWindow()), keys.tcbSigner());
    }

    /** The older form, for SGX only. */
    public SoftwareStatement tcbInfoVersion2() {
        return new SoftwareStatement("tcbInfo", IntelStatements.tcbInfoVersion2(statementWindow()), keys.tcbSigner());
    }

    public SoftwareStatement qeIdentity(TeeType tee) {
        return new SoftwareStatement(
                "enclaveIdentity", IntelStatements.qeIdentity(tee, statementWindow()), keys.tcbSigner());
    }

    private Window statementWindow() {
        return new Window(issuedAt, issuedAt.plus(STATEMENT_LIFE));
    }

    /** The root to change and finish with {@code der()}. */
    public SoftwareCertificate rootDraft() {
        return IntelExtensions.authority(
                draft(
                        IntelNames.ROOT,
                        IntelNames.ROOT_SERIAL,
                        IntelNames.ROOT_WINDOW,
                        keys.root(),
                        IntelNames.ROOT,
                        keys.root()),
                keys.root(),
                keys.root(),
                1);
    }

    /** A PCK authority to change and finish with {@code der()}. */
    public SoftwareCertificate pckCaDraft(PckCa ca) {
        return IntelExtensions.authority(
                draft(
                        ca.commonName(),
                        IntelNames.caSerial(ca),
                        IntelNames.CA_WINDOW,
                        keys.ca(ca),
                        IntelNames.ROOT,
                        keys.root()),
                keys.ca(ca),
                keys.root(),
                0);
    }

    /** The signer of TCB info to change and finish with {@code der()}. */
    public SoftwareCertificate tcbSignerDraft() {
        return IntelExtensions.endEntity(
                draft(
                        IntelNames.TCB_SIGNING,
                        IntelNames.TCB_SIGNING_SERIAL,
                        IntelNames.TCB_SIGNING_WINDOW,
                        keys.tcbSigner(),
                        IntelNames.ROOT,
                        keys.root()),
                keys.tcbSigner(),
                keys.root(),
                IntelNames.ROOT_CRL_ADDRESS);
    }

    /** The machine's PCK certificate to change and finish with {@code der()}. */
    public SoftwareCertificate pckDraft(PckCa ca) {
        return pckDraft(ca, extension -> extension);
    }

    /** A PCK certificate with another SGX extension. */
    public SoftwareCertificate pckDraft(PckCa ca, UnaryOperator<SoftwareSgxExtension> change) {
        return IntelExtensions.endEntity(
                        draft(
                                IntelNames.PCK,
                                pckSerial(ca),
                                new Window(issuedAt, issuedAt.plus(PCK_LIFE)),
                                keys.pck(ca),
                                ca.commonName(),
                                keys.ca(ca)),
                        keys.pck(ca),
                        keys.ca(ca),
                        IntelNames.pckCrlAddress(ca))
                .with(IntelNames.SGX_EXTENSION, change.apply(pckExtension(ca)).der());
    }

    /** What a PCK certificate says about the machine, to change and finish with {@code der()}. */
    public SoftwareSgxExtension pckExtension(PckCa ca) {
        return new SoftwareSgxExtension(ca);
    }

    private static SoftwareCertificate draft(
            String subject, BigInteger serial, Window window, P256Key key, String issuer, P256Key signer) {
        return new SoftwareCertificate(IntelNames::name, subject, issuer, serial, window, key.publicKey(), signer);
    }

    /** Twenty bytes, as Intel's have. */
    public BigInteger pckSerial(PckCa ca) {
        return new BigInteger(
                1, IntelMachine.named(ca.word() + " PCK serial").slice(0, 20).toByteArray());
    }

    public BigInteger caSerial(PckCa ca) {
        return IntelNames.caSerial(ca);
    }

    public BigInteger tcbSignerSerial() {
        return IntelNames.TCB_SIGNING_SERIAL;
    }

    /** The root's revocation list, empty as Intel's is, to change and finish with {@code der()}. */
    public SoftwareCrl rootCrlDraft() {
        return crl(IntelNames.ROOT, keys.root(), ROOT_CRL_LIFE);
    }

    /** An authority's revocation list with two leaves of other machines, to change and finish with {@code der()}. */
    public SoftwareCrl pckCrlDraft(PckCa ca) {
        return crl(ca.commonName(), keys.ca(ca), STATEMENT_LIFE)
                .revoking(foreignSerial(1))
                .revoking(foreignSerial(2));
    }

    private SoftwareCrl crl(String issuer, P256Key signer, Duration life) {
        return new SoftwareCrl(IntelNames::name, issuer, signer, issuedAt, issuedAt.plus(life))
                .authorityKeyIdentifier(signer.identifierOfKey())
                .reason(KEY_COMPROMISE);
    }

    private static BigInteger foreignSerial(int number) {
        return new BigInteger(
                1, IntelMachine.named("revoked PCK " + number).slice(0, 20).toByteArray());
    }

    /** The text for {@code countersign.insecure.anchors}: the root that counts here and nowhere else. */
    public String anchorsPem() {
        return """
                # Laboratory anchor of a software Intel. It stands for no hardware: whoever trusts it trusts nothing.
                # anchor: %s
                %s""".formatted(AnchorRole.INTEL_ROOT.word(), Pem.certificate(root));
    }
}
