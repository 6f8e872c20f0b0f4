package io.countersign.verifier.tee.tdx.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What Intel says about one of its enclaves. Intel PCS API, version 4, "Get TDX QE Identity", "Get SGX QE Identity" and their
 * siblings for the QvE and the QAE.
 *
 * @param version 2, and for the quoting enclave of TDX also 3
 * @param nextUpdate later than {@code issueDate}
 * @param miscSelect 4 bytes, in the order of the enclave report, as all of these
 * @param attributes 16 bytes
 * @param mrSigner 32 bytes
 * @param levels best first, at least one
 */
public record EnclaveIdentity(
        Id id,
        int version,
        Instant issueDate,
        Instant nextUpdate,
        int tcbEvaluationDataNumber,
        Bytes miscSelect,
        Bytes miscSelectMask,
        Bytes attributes,
        Bytes attributesMask,
        Bytes mrSigner,
        int isvProdId,
        List<IsvLevel> levels) {
    private static final int MISC_SELECT_LENGTH = 4;
    private static final int ATTRIBUTES_LENGTH = 16;
    private static final int MR_SIGNER_LENGTH = 32;
    private static final int HIGHEST_PROD_ID = 0xFFFF;

    /** Intel's enclaves, as it names them in the document. */
    public enum Id {
        /** Makes SGX quotes. */
        QE,
        /** Makes TD quotes. */
        TD_QE,
        QVE,
        QAE
    }

    public EnclaveIdentity {
        levels = List.copyOf(levels);
    }

    /** Reads exactly the bytes whose signature was, or will be, verified; members that are not known are passed over. */
    public static EnclaveIdentity parse(Bytes body) throws MalformedCollateralException {
        return read(JsonReader.object("enclaveIdentity", body));
    }

    /** The same for a document that was read already: its body is not read a second time. */
    public static EnclaveIdentity parse(SignedCollateral document) throws MalformedCollateralException {
        return read(document.signed());
    }

    private static EnclaveIdentity read(JsonObject signed) throws MalformedCollateralException {
        JsonObject in = signed.placed("enclaveIdentity");
        Id id = id(in);
        Instant issueDate = in.instant("issueDate");
        return new EnclaveIdentity(
                id,
                version(in, id),
                issueDate,
                Dates.nextUpdate(in, issueDate),
                in.integer("tcbEvaluationDataNumber", Integer.MAX_VALUE),
                in.hex("miscselect", MISC_SELECT_LENGTH),
                in.hex("miscselectMask", MISC_SELECT_LENGTH),
                in.hex("attributes", ATTRIBUTES_LENGTH),
                in.hex("attributesMask", ATTRIBUTES_LENGTH),
                in.hex("mrsigner", MR_SIGNER_LENGTH),
                in.integer("isvprodid", HIGHEST_PROD_ID),
                IsvLevel.read(in));
    }

    /**
     * What is different in an enclave's report. Its ISVSVN is no mismatch but a matter of levels; that it is no debug enclave
     * is for the caller to see, because a mask could leave that bit out.
     *
     * @param reportMiscSelect MISCSELECT, 4 bytes
     * @param reportAttributes ATTRIBUTES, 16 bytes
     * @param reportMrSigner MRSIGNER, 32 bytes
     * @param reportIsvProdId ISVPRODID
     */
    public List<Mismatch> mismatches(
            Bytes reportMiscSelect, Bytes reportAttributes, Bytes reportMrSigner, int reportIsvProdId) {
        Masked.requireLength("MRSIGNER", reportMrSigner, MR_SIGNER_LENGTH);
        var found = new ArrayList<Mismatch>();
        new Masked(miscSelect, miscSelectMask)
                .against("MISCSELECT", reportMiscSelect)
                .ifPresent(found::add);
        new Masked(attributes, attributesMask)
                .against("ATTRIBUTES", reportAttributes)
                .ifPresent(found::add);
        if (!reportMrSigner.equals(mrSigner)) {
            found.add(new Mismatch("MRSIGNER", mrSigner.toString(), reportMrSigner.toString()));
        }
        if (reportIsvProdId != isvProdId) {
            found.add(new Mismatch("ISVPRODID", Integer.toString(isvProdId), Integer.toString(reportIsvProdId)));
        }
        return List.copyOf(found);
    }

    private static Id id(JsonObject in) throws MalformedCollateralException {
        String text = in.text("id");
        for (Id each : Id.values()) {
            if (each.name().equals(text)) {
                return each;
            }
        }
        throw in.refusal("id", "is \"" + Printable.shortened(text) + "\"", "\"QE\", \"TD_QE\", \"QVE\" or \"QAE\"");
    }

    private static int version(JsonObject in, Id id) throws MalformedCollateralException {
        int version = in.integer("version", Integer.MAX_VALUE);
        if (version == 2 || (version == 3 && id == Id.TD_QE)) {
            return version;
        }
        throw in.refusal("version", "is " + version, id == Id.TD_QE ? "2 or 3" : "2");
    }
}
