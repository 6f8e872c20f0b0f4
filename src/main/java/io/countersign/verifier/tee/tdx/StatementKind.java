package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.tee.tdx.collateral.EnclaveIdentity;
import io.countersign.verifier.tee.tdx.collateral.MalformedCollateralException;
import io.countersign.verifier.tee.tdx.collateral.SignedCollateral;
import io.countersign.verifier.tee.tdx.collateral.TcbInfo;
import java.time.Instant;
import java.util.function.Function;

/**
 * One of the two kinds of statements that Intel signs: how it is read and where a request brings it.
 *
 * @param name for people
 * @param slot of the response body in a request's endorsements; its chain stands beside it
 */
record StatementKind<T>(
        Class<T> type,
        String name,
        String slot,
        SignedCollateral.Kind kind,
        Parser<T> parser,
        Function<T, Instant> issueDate,
        Function<T, Instant> nextUpdate) {
    /** Reads what is signed. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(SignedCollateral document) throws MalformedCollateralException;
    }

    static final StatementKind<TcbInfo> TCB_INFO = new StatementKind<>(
            TcbInfo.class,
            "TCB info",
            "intel.tcb_info",
            SignedCollateral.Kind.TCB_INFO,
            TcbInfo::parse,
            TcbInfo::issueDate,
            TcbInfo::nextUpdate);

    static final StatementKind<EnclaveIdentity> QE_IDENTITY = new StatementKind<>(
            EnclaveIdentity.class,
            "QE identity",
            "intel.qe_identity",
            SignedCollateral.Kind.QE_IDENTITY,
            EnclaveIdentity::parse,
            EnclaveIdentity::issueDate,
            EnclaveIdentity::nextUpdate);

    String chainSlot() {
        return slot + "_issuer_chain";
    }
}
