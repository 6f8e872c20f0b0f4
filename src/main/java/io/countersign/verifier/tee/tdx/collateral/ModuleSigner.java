package io.countersign.verifier.tee.tdx.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * Who signs a TDX module, and its attributes: {@code tdxModule} in TCB info, and the same members of each entry of {@code
 * tdxModuleIdentities}. Intel PCS API, version 4, "Get TDX TCB Info".
 *
 * @param mrSigner 48 bytes; all zero means Intel
 * @param attributes 8 bytes
 * @param attributesMask 8 bytes
 */
public record ModuleSigner(Bytes mrSigner, Bytes attributes, Bytes attributesMask) {
    static ModuleSigner read(JsonObject in) throws MalformedCollateralException {
        return new ModuleSigner(
                in.hex("mrsigner", ModuleTcb.MR_SIGNER_SEAM_LENGTH),
                in.hex("attributes", ModuleTcb.SEAM_ATTRIBUTES_LENGTH),
                in.hex("attributesMask", ModuleTcb.SEAM_ATTRIBUTES_LENGTH));
    }

    /**
     * What is different in a quote. Attributes must be zero whatever the mask leaves out, as the Quote Verification Library
     * wants it: no bit of them has a meaning yet, so that a set one cannot be judged.
     */
    List<Mismatch> mismatches(ModuleTcb module) {
        var found = new ArrayList<Mismatch>();
        if (!module.mrSignerSeam().equals(mrSigner)) {
            found.add(new Mismatch(
                    "MRSIGNERSEAM", mrSigner.toString(), module.mrSignerSeam().toString()));
        }
        if (!module.seamAttributes().isAllZero()) {
            found.add(new Mismatch(
                    "SEAMATTRIBUTES", "zero", module.seamAttributes().toString()));
        } else {
            new Masked(attributes, attributesMask)
                    .against("SEAMATTRIBUTES", module.seamAttributes())
                    .ifPresent(found::add);
        }
        return found;
    }
}
