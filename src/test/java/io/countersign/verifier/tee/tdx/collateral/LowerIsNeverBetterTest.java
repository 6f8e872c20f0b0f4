package io.countersign.verifier.tee.tdx.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.collateral.Captures.Capture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A TCB of which any number is lower is never judged better. */
class LowerIsNeverBetterTest {
    private static final long SEED = 348_549;

    /** The version of a module is no number to be compared: another version is another line of modules. */
    private static final int MODULE_VERSION = 1;

    /** What is judged. */
    private record Tcb(List<Integer> sgx, int pceSvn, Optional<Bytes> tdx, Optional<Bytes> tdxNow, int qeIsvSvn) {
        TcbStatus judged(TcbInfo info, EnclaveIdentity identity) {
            return TcbEvaluation.judge(
                            info,
                            identity,
                            new PlatformTcb(sgx, pceSvn),
                            tdx.map(svn -> new ModuleTcb(svn, tdxNow, Bytes.zeros(48), Bytes.zeros(8))),
                            qeIsvSvn)
                    .status();
        }

        /** Each TCB that has one number lower by one. */
        List<Tcb> oneLower() {
            var lower = new ArrayList<Tcb>();
            for (int i = 0; i < TcbComponents.COUNT; i++) {
                int at = i;
                if (sgx.get(i) > 0) {
                    List<Integer> less = IntStream.range(0, TcbComponents.COUNT)
                            .map(j -> j == at ? sgx.get(j) - 1 : sgx.get(j))
                            .boxed()
                            .toList();
                    lower.add(new Tcb(less, pceSvn, tdx, tdxNow, qeIsvSvn));
                }
                if (i != MODULE_VERSION && tdx.isPresent() && tdx.get().u8(i) > 0) {
                    lower.add(new Tcb(sgx, pceSvn, Optional.of(less(tdx.get(), i)), tdxNow, qeIsvSvn));
                }
                if (i != MODULE_VERSION && tdxNow.isPresent() && tdxNow.get().u8(i) > 0) {
                    lower.add(new Tcb(sgx, pceSvn, tdx, Optional.of(less(tdxNow.get(), i)), qeIsvSvn));
                }
            }
            if (pceSvn > 0) {
                lower.add(new Tcb(sgx, pceSvn - 1, tdx, tdxNow, qeIsvSvn));
            }
            if (qeIsvSvn > 0) {
                lower.add(new Tcb(sgx, pceSvn, tdx, tdxNow, qeIsvSvn - 1));
            }
            return lower;
        }

        private static Bytes less(Bytes svns, int at) {
            byte[] less = svns.toByteArray();
            less[at]--;
            return Bytes.copyOf(less);
        }
    }

    /**
     * Statuses by how bad they are. Advice to relaunch counts as out of date: Intel gives it where the TDX module was old at
     * launch, and not where only microcode was, so that an older module can turn the one into the other.
     */
    private static int badness(TcbStatus status) {
        return switch (status) {
            case UP_TO_DATE -> 0;
            case SW_HARDENING_NEEDED -> 1;
            case CONFIGURATION_NEEDED -> 2;
            case CONFIGURATION_AND_SW_HARDENING_NEEDED -> 3;
            case TD_RELAUNCH_ADVISED,
                    TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
                    OUT_OF_DATE,
                    OUT_OF_DATE_CONFIGURATION_NEEDED -> 4;
            case REVOKED, TCB_LEVEL_NOT_SUPPORTED, TDX_MODULE_MISMATCH -> 5;
        };
    }

    static List<Capture> withCollateral() {
        return Captures.withCollateral();
    }

    /** Walks down from a genuine TCB at random, comparing with every neighbour below on the way. */
    @ParameterizedTest
    @MethodSource("withCollateral")
    void underGenuineCollateral(Capture capture) throws MalformedCollateralException {
        var start = new Tcb(
                capture.platform().sgxComponents(),
                capture.platform().pceSvn(),
                capture.module().map(ModuleTcb::teeTcbSvn),
                capture.module().flatMap(ModuleTcb::teeTcbSvn2),
                capture.qeIsvSvn());
        assertEquals(capture.verdict().status(), start.judged(capture.tcbInfo(), capture.qeIdentity()));
        descend(start, capture.tcbInfo(), capture.qeIdentity(), new SplittableRandom(SEED));
    }

    @Test
    void underMadeCollateral() {
        var random = new SplittableRandom(SEED);
        TcbInfo info = MadeCollateral.tcbInfo(MadeCollateral.tdx(
                MadeCollateral.module("TDX_01", "4 UpToDate", "3 OutOfDate", "1 Revoked"),
                MadeCollateral.tdxLevel("3,3,1", 3, "2,0,3", "UpToDate"),
                MadeCollateral.tdxLevel("3,2,1", 3, "2,0,2", "SWHardeningNeeded"),
                MadeCollateral.tdxLevel("2,3", 2, "1,0,2", "ConfigurationNeeded"),
                MadeCollateral.tdxLevel("2,2", 2, "1,0,2", "ConfigurationAndSWHardeningNeeded"),
                MadeCollateral.tdxLevel("1,2", 1, "1,0,1", "OutOfDate"),
                MadeCollateral.tdxLevel("1,1", 1, "1,0,0", "OutOfDateConfigurationNeeded"),
                MadeCollateral.tdxLevel("0,0", 1, "0", "Revoked")));
        EnclaveIdentity identity =
                MadeCollateral.enclave(MadeCollateral.identity("TD_QE", "3 UpToDate", "2 OutOfDate"));
        for (int i = 0; i < 300; i++) {
            var sgx = IntStream.range(0, TcbComponents.COUNT)
                    .map(j -> j < 3 ? random.nextInt(5) : 0)
                    .boxed()
                    .toList();
            var tdx = MadeCollateral.bytes(random.nextInt(6) + "," + random.nextInt(2) + "," + random.nextInt(5));
            var now = MadeCollateral.bytes(random.nextInt(6) + "," + random.nextInt(2) + "," + random.nextInt(5));
            Optional<Bytes> tdxNow = random.nextBoolean() ? Optional.of(now) : Optional.empty();
            descend(
                    new Tcb(sgx, random.nextInt(5), Optional.of(tdx), tdxNow, random.nextInt(5)),
                    info,
                    identity,
                    random);
        }
    }

    private static void descend(Tcb start, TcbInfo info, EnclaveIdentity identity, SplittableRandom random) {
        Tcb at = start;
        int steps = 0;
        for (List<Tcb> below = at.oneLower(); !below.isEmpty(); below = at.oneLower()) {
            TcbStatus status = at.judged(info, identity);
            for (Tcb lower : below) {
                TcbStatus lowerStatus = lower.judged(info, identity);
                assertTrue(
                        badness(lowerStatus) >= badness(status),
                        () -> lower + " is " + lowerStatus.word() + ", but its better is " + status.word());
            }
            at = below.get(random.nextInt(below.size()));
            steps++;
        }
        assertTrue(steps > 0 || badness(start.judged(info, identity)) > 0);
        assertTrue(badness(at.judged(info, identity)) >= badness(start.judged(info, identity)));
    }
}
