package io.countersign.verifier.tee.tdx.collateral;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One entry of {@code tcbLevels} in TCB info: what a platform must have at least, and how Intel judges one that has just that.
 * Intel PCS API, version 4, "Get TDX TCB Info".
 *
 * @param tdx for TDX only
 * @param advisoryIds what is known against platforms of this level; empty in version 2, which does not say
 */
public record TcbLevel(
        TcbComponents sgx,
        int pceSvn,
        Optional<TcbComponents> tdx,
        Instant tcbDate,
        TcbStatus status,
        List<String> advisoryIds) {
    /**
     * Best first, as the Quote Verification Library orders them: by the numbers of all SGX components, then the PCE's, then
     * those of all TDX components.
     */
    static final Comparator<TcbLevel> BEST_FIRST = new BestFirst();

    public TcbLevel {
        advisoryIds = List.copyOf(advisoryIds);
    }

    private static final class BestFirst implements Comparator<TcbLevel>, java.io.Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public int compare(TcbLevel a, TcbLevel b) {
            int order = compareNumbers(b.sgx, a.sgx);
            if (order == 0) {
                order = Integer.compare(b.pceSvn, a.pceSvn);
            }
            if (order == 0 && a.tdx.isPresent() && b.tdx.isPresent()) {
                order = compareNumbers(b.tdx.get(), a.tdx.get());
            }
            return order;
        }

        private static int compareNumbers(TcbComponents a, TcbComponents b) {
            for (int i = 0; i < TcbComponents.COUNT; i++) {
                int order = Integer.compare(a.svn(i), b.svn(i));
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        }
    }
}
