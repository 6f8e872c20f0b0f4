package io.countersign.verifier.tee.tdx.collateral;

import java.util.Objects;

/** Collateral that is not what Intel publishes; the message is one plain sentence that says where and why. */
public final class MalformedCollateralException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedCollateralException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
