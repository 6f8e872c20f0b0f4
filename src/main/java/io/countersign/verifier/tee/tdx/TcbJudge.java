package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.tdx.collateral.EnclaveIdentity;
import io.countersign.verifier.tee.tdx.collateral.ModuleTcb;
import io.countersign.verifier.tee.tdx.collateral.TcbEvaluation;
import io.countersign.verifier.tee.tdx.collateral.TcbInfo;
import io.countersign.verifier.tee.tdx.collateral.TcbStatus;
import io.countersign.verifier.tee.tdx.collateral.TcbVerdict;
import io.countersign.verifier.tee.tdx.quote.EnclaveReport;
import io.countersign.verifier.tee.tdx.quote.Quote;
import io.countersign.verifier.tee.tdx.quote.TdReport;
import io.countersign.verifier.trust.Tolerances;
import java.util.Optional;

/** {@code tdx.tcb}: what Intel's collateral says about the platform, its TDX module and its quoting enclave. */
final class TcbJudge {
    private TcbJudge() {}

    /** The verdict is there whatever it says, once there is collateral to come to one. */
    record Judgement(Outcome outcome, Optional<TcbVerdict> verdict) {}

    static Judgement judge(Quote quote, PckJudgement pck, CollateralJudge.Judgement collateral, Tolerances tolerances) {
        if (pck.chain().isEmpty()) {
            return new Judgement(new Outcome.NotReached(TdxCheck.PCK_CHAIN), Optional.empty());
        }
        if (collateral.tcbInfo().isEmpty() || collateral.qeIdentity().isEmpty()) {
            return new Judgement(new Outcome.NotReached(TdxCheck.COLLATERAL), Optional.empty());
        }
        TcbInfo info = collateral.tcbInfo().get().statement();
        EnclaveIdentity identity = collateral.qeIdentity().get().statement();
        TcbVerdict verdict = TcbEvaluation.judge(
                info,
                identity,
                pck.chain().get().identity().tcb(),
                module(quote),
                quote.signature().qeReport().isvSvn());
        return new Judgement(outcome(verdict, info, tolerances), Optional.of(verdict));
    }

    private static Optional<ModuleTcb> module(Quote quote) {
        return switch (quote.body()) {
            case TdReport td ->
                Optional.of(new ModuleTcb(
                        td.teeTcbSvn(),
                        td.later().map(TdReport.Later::teeTcbSvn2),
                        td.mrSignerSeam(),
                        td.seamAttributes()));
            case EnclaveReport _ -> Optional.empty();
        };
    }

    private static Outcome outcome(TcbVerdict verdict, TcbInfo info, Tolerances tolerances) {
        String basis = "by TCB evaluation data number " + info.tcbEvaluationDataNumber();
        if (verdict.status() == TcbStatus.UP_TO_DATE) {
            return new Outcome.Passed("Intel calls platform, TDX module and quoting enclave UpToDate " + basis
                    + verdict.tcbDate().map(date -> ", level of " + date).orElse("") + ".");
        }
        String advisories = verdict.advisoryIds().isEmpty()
                ? ""
                : "; known against it: " + String.join(", ", verdict.advisoryIds());
        return tolerances
                .tcbStatus(verdict.status().word())
                .<Outcome>map(reason -> new Outcome.Waived(
                        tolerances.policy(),
                        "%s is tolerated: %s".formatted(verdict.status().word(), reason)))
                .orElseGet(() -> new Outcome.Failed(
                        TcbStatus.UP_TO_DATE.word(),
                        verdict.status().word() + " " + basis + advisories,
                        verdict.hint()));
    }
}
