package io.countersign.verifier.tee.nvgpu.report;

import io.countersign.verifier.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How the bytes of an opaque entry are to be read. NVIDIA publishes no such table: forms were read off genuine reports, and
 * off the examples of NVIDIA's attestation SDK where no report has the entry. */
enum Form {
    RAW(0, 0xFFFF, 1),
    OCTET(1, 1, 1),
    /** Two bytes that are a number. */
    NUMBER(2, 2, 1) {
        @Override
        String shown(Bytes data) {
            return Integer.toString(number(data));
        }
    },
    /** Two bytes that are bits. */
    TWO_BYTES(2, 2, 1),
    FOUR_BYTES(4, 4, 1),
    EIGHT_BYTES(8, 8, 1),
    /** SHA-384. */
    DIGEST(48, 48, 1),
    TEXT(1, 0xFFFF, 1) {
        @Override
        Optional<String> content(Bytes data) {
            return NAME.matcher(text(data)).matches() ? Optional.empty() : Optional.of(NO_NAME);
        }

        @Override
        String shown(Bytes data) {
            return text(data);
        }
    },
    /** NUL alone where a board has no such modifier. */
    TEXT_OR_NONE(1, 0xFFFF, 1) {
        @Override
        Optional<String> content(Bytes data) {
            return data.isAllZero() ? Optional.empty() : TEXT.content(data);
        }

        @Override
        String shown(Bytes data) {
            return text(data);
        }
    },
    BINARY_VERSION(8, 8, 1) {
        @Override
        Optional<String> content(Bytes data) {
            return data.slice(5, 8).isAllZero()
                    ? Optional.empty()
                    : Optional.of("has %s after its five parts; zeros belong there".formatted(data.slice(5, 8)));
        }

        @Override
        String shown(Bytes data) {
            return version(data);
        }
    },
    /** One number of four bytes for each measurement of the first up to 64. */
    COUNTS(4, 256, 4) {
        @Override
        String shown(Bytes data) {
            return counts(data).stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
    },
    /** The switch behind every link, the bytes turned. */
    LINK_PDIS(8, 0xFFFF, 8) {
        @Override
        String shown(Bytes data) {
            return switchPdis(data).stream().map(Bytes::toString).collect(Collectors.joining(", "));
        }
    },
    /** Eight places for GPUs, and for each of 64 ports the place of the GPU behind it. */
    GPU_SLOTS(128, 128, 1);

    /** Parts of URLs and names of files are made of such text, so that nothing else gets into it. */
    private static final Pattern NAME = Pattern.compile("(?=.{1,32}$)[A-Za-z0-9]+(\\.[A-Za-z0-9]+)*");

    private static final String NO_NAME =
            "is not 1 to 32 letters and digits, divided by single dots and padded with NUL";

    private static final int PDI = 8;
    private static final int SLOTS = 64;
    private static final Bytes EMPTY_SLOT = Bytes.fromHex("ff".repeat(PDI));

    private final int shortest;
    private final int longest;
    private final int step;

    Form(int shortest, int longest, int step) {
        this.shortest = shortest;
        this.longest = longest;
        this.step = step;
    }

    /** Why bytes are not of this form, if they are not; to be put behind the name of the entry. */
    Optional<String> refusal(Bytes data) {
        int length = data.length();
        return length < shortest || length > longest || length % step != 0
                ? Optional.of("has %d bytes; %s belong there".formatted(length, lengths()))
                : content(data);
    }

    private String lengths() {
        if (shortest == longest) {
            return Integer.toString(shortest);
        }
        String range = longest == 0xFFFF ? shortest + " or more" : shortest + " to " + longest;
        return step == 1 ? range : range + ", a multiple of " + step + ",";
    }

    /** The same for bytes of a right length. */
    Optional<String> content(Bytes data) {
        return Optional.empty();
    }

    /** For people. */
    String shown(Bytes data) {
        return data.toString();
    }

    /** The text before the padding; one character stands for one byte, whatever it is. */
    static String text(Bytes data) {
        int end = data.length();
        while (end > 0 && data.u8(end - 1) == 0) {
            end--;
        }
        return new String(data.slice(0, end).toByteArray(), StandardCharsets.ISO_8859_1);
    }

    /** As NVIDIA prints it: four bytes from the fourth to the first, then the fifth. */
    static String version(Bytes data) {
        return "%02X.%02X.%02X.%02X.%02X".formatted(data.u8(3), data.u8(2), data.u8(1), data.u8(0), data.u8(4));
    }

    /** One or two bytes, little-endian. */
    static int number(Bytes data) {
        return data.length() == 1 ? data.u8(0) : data.u8(0) | data.u8(1) << 8;
    }

    static List<Long> counts(Bytes data) {
        var counts = new ArrayList<Long>();
        for (int i = 0; i < data.length(); i += 4) {
            counts.add(data.u8(i)
                    | (long) data.u8(i + 1) << 8
                    | (long) data.u8(i + 2) << 16
                    | (long) data.u8(i + 3) << 24);
        }
        return counts;
    }

    /** As the switches spell their own. */
    static List<Bytes> switchPdis(Bytes data) {
        return slices(data).stream().map(Bytes::reversed).toList();
    }

    /** Without the places that no GPU has. */
    static List<Bytes> gpuPdis(Bytes data) {
        return slices(data.slice(0, SLOTS)).stream()
                .filter(slot -> !slot.equals(EMPTY_SLOT))
                .toList();
    }

    static Bytes portMap(Bytes data) {
        return data.slice(SLOTS, data.length());
    }

    private static List<Bytes> slices(Bytes data) {
        var slices = new ArrayList<Bytes>();
        for (int i = 0; i < data.length(); i += PDI) {
            slices.add(data.slice(i, i + PDI));
        }
        return slices;
    }
}
