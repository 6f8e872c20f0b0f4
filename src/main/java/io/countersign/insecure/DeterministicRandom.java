package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;

/**
 * A random generator that is not random: SHA-256 over a seed and a counter. It makes keys that everybody can make again,
 * which is what fixtures need and what nothing else may use.
 */
public final class DeterministicRandom extends SecureRandom {
    private static final long serialVersionUID = 1;

    public DeterministicRandom(String seed) {
        super(new Counter(Bytes.utf8(seed).sha256()), null);
    }

    @Override
    public String getAlgorithm() {
        return "insecure-sha256-counter";
    }

    private static final class Counter extends SecureRandomSpi {
        private static final long serialVersionUID = 1;

        private final transient Bytes seed;
        private transient Bytes block = Bytes.empty();
        private transient int used;
        private transient int counter;

        Counter(Bytes seed) {
            this.seed = seed;
        }

        @Override
        protected void engineNextBytes(byte[] into) {
            for (int i = 0; i < into.length; i++) {
                if (used == block.length()) {
                    block = Bytes.concat(seed, LittleEndian.u32(counter++)).sha256();
                    used = 0;
                }
                into[i] = (byte) block.u8(used++);
            }
        }

        @Override
        protected void engineSetSeed(byte[] ignored) {
            // Nothing may stir it: the same seed always gives the same bytes.
        }

        @Override
        protected byte[] engineGenerateSeed(int length) {
            byte[] made = new byte[length];
            engineNextBytes(made);
            return made;
        }
    }
}
