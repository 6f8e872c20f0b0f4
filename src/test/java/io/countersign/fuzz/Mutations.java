package io.countersign.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Damages inputs: flipped bits, other bytes, cuts, insertions, repetitions, splices, misplaced words, and edits of length
 * fields. */
final class Mutations {
    private static final int MOST_AT_ONCE = 4;
    private static final int MAX_LENGTH = 256 * 1024;
    private static final int[] INTERESTING = {
        0, 1, -1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    /** What readers look for; a word in the wrong place gets further than a random byte. */
    private static final List<byte[]> WORDS = Stream.of(
                    "-----BEGIN CERTIFICATE-----",
                    "-----END CERTIFICATE-----",
                    "-----BEGIN ",
                    "# anchor: amd-ark Milan\n",
                    "=",
                    "==",
                    "\"cpu0\":",
                    "\"type\":\"sev-snp\",",
                    "null",
                    "\\u0000",
                    "{",
                    "]",
                    "  - name: ",
                    "require: ",
                    ": ",
                    "\n",
                    "'",
                    "!!",
                    "cpu.debug",
                    "<<: ",
                    "\"tcbInfo\":{",
                    "\"svn\":256,",
                    "\"fmspc\":\"\",",
                    "1e3",
                    "Spec ID Event03\0",
                    "[{\"imr\":3,")
            .map(word -> word.getBytes(StandardCharsets.UTF_8))
            .toList();

    private final List<byte[]> seeds;
    private final RandomGenerator random;

    Mutations(List<byte[]> seeds, RandomGenerator random) {
        this.seeds = seeds;
        this.random = random;
    }

    /** One seed with one to four pieces of damage. */
    byte[] next() {
        byte[] input = seed().clone();
        int times = 1 + random.nextInt(MOST_AT_ONCE);
        for (int i = 0; i < times; i++) {
            input = damaged(input);
        }
        return input.length > MAX_LENGTH ? Arrays.copyOf(input, MAX_LENGTH) : input;
    }

    private byte[] seed() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] damaged(byte[] input) {
        if (input.length == 0) {
            return bytes(1 + random.nextInt(64));
        }
        int at = random.nextInt(input.length);
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> flipped(input, at);
            case 3 -> put(input, at, bytes(1));
            case 4 -> Arrays.copyOf(input, at);
            case 5 -> Arrays.copyOf(input, input.length + 1 + random.nextInt(64));
            case 6 -> joined(input, at, bytes(1 + random.nextInt(16)), at);
            case 7 -> joined(input, at, new byte[0], Math.min(input.length, at + 1 + random.nextInt(32)));
            case 8 -> repeated(input, at);
            case 9 -> spliced(input, at);
            case 10 -> number(input, at);
            case 11 -> joined(input, at, word(), at);
            case 12 -> joined(input, at, word(), Math.min(input.length, at + random.nextInt(32)));
            default -> derLength(input, at);
        };
    }

    private static byte[] put(byte[] input, int at, byte[] value) {
        System.arraycopy(value, 0, input, at, Math.min(value.length, input.length - at));
        return input;
    }

    private byte[] flipped(byte[] input, int at) {
        input[at] ^= (byte) (1 << random.nextInt(8));
        return input;
    }

    private byte[] repeated(byte[] input, int at) {
        byte[] piece = Arrays.copyOfRange(input, at, Math.min(input.length, at + 1 + random.nextInt(64)));
        byte[] result = input;
        for (int i = random.nextInt(8); i >= 0; i--) {
            result = joined(result, at, piece, at);
        }
        return result;
    }

    private byte[] spliced(byte[] input, int at) {
        byte[] other = seed();
        int from = other.length == 0 ? 0 : random.nextInt(other.length);
        return joined(Arrays.copyOf(input, at), at, Arrays.copyOfRange(other, from, other.length), at);
    }

    /** A field of 1, 2 or 4 bytes of either order, near a border of what such a field holds, or near what it held. */
    private byte[] number(byte[] input, int at) {
        int width = 1 << random.nextInt(3);
        int value = INTERESTING[random.nextInt(INTERESTING.length)] + random.nextInt(3) - 1;
        byte[] field = new byte[width];
        boolean little = random.nextBoolean();
        for (int i = 0; i < width; i++) {
            field[little ? i : width - 1 - i] = (byte) (value >> 8 * i);
        }
        return put(input, at, field);
    }

    /** The length octets of the next thing that looks like a constructed DER value. */
    private byte[] derLength(byte[] input, int at) {
        for (int i = at; i < input.length - 1; i++) {
            if ((input[i] & 0xE0) == 0x20 || (input[i] & 0xE0) == 0xA0) {
                input[i + 1] += (byte) (random.nextInt(5) - 2);
                return input;
            }
        }
        return flipped(input, at);
    }

    /** The input up to {@code at}, the piece, and the input from {@code rest} on. */
    private static byte[] joined(byte[] input, int at, byte[] piece, int rest) {
        byte[] result = Arrays.copyOf(input, at + piece.length + Math.max(0, input.length - rest));
        System.arraycopy(piece, 0, result, at, piece.length);
        if (rest < input.length) {
            System.arraycopy(input, rest, result, at + piece.length, input.length - rest);
        }
        return result;
    }

    private byte[] word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private byte[] bytes(int length) {
        byte[] made = new byte[length];
        random.nextBytes(made);
        return made;
    }
}
