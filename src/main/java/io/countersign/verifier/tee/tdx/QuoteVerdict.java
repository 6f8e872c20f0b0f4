package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.tdx.collateral.EnclaveIdentity;
import io.countersign.verifier.tee.tdx.collateral.TcbInfo;
import io.countersign.verifier.tee.tdx.collateral.TcbVerdict;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that was found about a quote.
 *
 * @param chain present when its signatures lead to a pinned root
 * @param tcbInfo present when everything about it holds, as is {@code qeIdentity}
 * @param listsUntil when the first revocation list stops counting
 * @param at the instant of all windows
 */
record QuoteVerdict(
        Map<TdxCheck, Outcome> outcomes,
        Optional<PckChain> chain,
        Optional<SignedStatement<TcbInfo>> tcbInfo,
        Optional<SignedStatement<EnclaveIdentity>> qeIdentity,
        Optional<TcbVerdict> tcb,
        Optional<Rollback> rollback,
        Optional<Instant> listsUntil,
        Instant at) {
    /**
     * TCB info that the request brought is of an older evaluation than one that the service fetched.
     *
     * @param brought TCB evaluation data number
     * @param fetched the same, of the newest fetched one
     */
    record Rollback(int brought, int fetched) {}

    /** The earliest end of the collateral: statements, their signers, revocation lists. */
    Optional<Instant> collateralUntil() {
        return Stream.concat(
                        Stream.concat(
                                tcbInfo.stream()
                                        .flatMap(signed ->
                                                Stream.of(signed.statement().nextUpdate(), signerUntil(signed))),
                                qeIdentity.stream()
                                        .flatMap(signed ->
                                                Stream.of(signed.statement().nextUpdate(), signerUntil(signed)))),
                        listsUntil.stream())
                .min(Instant::compareTo);
    }

    /** The earliest end of every window the verdict rests on. */
    Instant restsUntil() {
        return Stream.concat(collateralUntil().stream(), chain.map(PckChain::until).stream())
                .min(Instant::compareTo)
                .orElse(at);
    }

    private Instant signerUntil(SignedStatement<?> signed) {
        return signed.signerAt(at).certificate().window().notAfter();
    }
}
