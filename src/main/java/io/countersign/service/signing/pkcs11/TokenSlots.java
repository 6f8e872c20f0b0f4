package io.countersign.service.signing.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.countersign.service.signing.KeyTroubleException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the slot of a token by its label, which the JDK's provider cannot: it knows slots by number only. Also starts the
 * library anew, which some need before they see a token again that was away. The layouts are those of 64-bit Unix.
 */
final class TokenSlots {
    /** Places in CK_FUNCTION_LIST: PKCS #11 2.40, section 3.6. */
    private static final int C_INITIALIZE = 0;

    private static final int C_FINALIZE = 1;
    private static final int C_GET_SLOT_LIST = 4;
    private static final int C_GET_TOKEN_INFO = 6;
    private static final int FUNCTIONS = 68;
    /** CK_VERSION with its padding. */
    private static final long FIRST_FUNCTION = 8;

    /** CK_C_INITIALIZE_ARGS: section 3.7. Four pointers come before the flags, one after. */
    private static final long INITIALIZE_ARGS = 48;

    private static final long FLAGS = 32;
    private static final long CKF_OS_LOCKING_OK = 2;

    /** CK_TOKEN_INFO: section 3.2. Its first member is the label; the whole has 208 bytes. */
    private static final long TOKEN_INFO = 512;

    private static final long LABEL = 32;

    private static final long CKR_OK = 0;
    private static final long CKR_TOKEN_NOT_PRESENT = 0xE0;
    private static final long CKR_TOKEN_NOT_RECOGNIZED = 0xE1;
    private static final long CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191;
    private static final int MOST_SLOTS = 1024;

    private final TokenSettings settings;
    private final MemorySegment functions;

    /** A slot's place in the library's list and its token's label. */
    private record Slot(int index, String label) {}

    /** Loads the library, which stays loaded. */
    @SuppressWarnings("restricted") // A vendor's library is what this is about; the operator names it.
    TokenSlots(TokenSettings settings) throws KeyTroubleException {
        this.settings = settings;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment symbol = SymbolLookup.libraryLookup(settings.library(), Arena.global())
                    .find("C_GetFunctionList")
                    .orElseThrow(() -> new KeyTroubleException(
                            "%s is no PKCS#11 library: it has no C_GetFunctionList".formatted(settings.library())));
            MemorySegment place = arena.allocate(ADDRESS);
            check("C_GetFunctionList", call(handle(symbol, FunctionDescriptor.of(JAVA_LONG, ADDRESS)), place));
            this.functions = place.get(ADDRESS, 0).reinterpret(FIRST_FUNCTION + FUNCTIONS * ADDRESS.byteSize());
        } catch (IllegalArgumentException e) {
            throw new KeyTroubleException(
                    "the PKCS#11 library %s cannot be loaded: is it there, and for this machine?"
                            .formatted(settings.library()),
                    e);
        } catch (IllegalCallerException e) {
            throw new KeyTroubleException(
                    "the PKCS#11 library cannot be loaded: start Java with --enable-native-access=ALL-UNNAMED", e);
        }
        initialise();
    }

    /** With locking by the system's own means, for calls come from several threads: section 5.4. */
    private void initialise() throws KeyTroubleException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment args = arena.allocate(INITIALIZE_ARGS);
            args.set(JAVA_LONG, FLAGS, CKF_OS_LOCKING_OK);
            long answer = call(function(C_INITIALIZE, ADDRESS), args);
            if (answer != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
                check("C_Initialize", answer);
            }
        }
    }

    /** Ends the library's work and begins it anew: every session and handle of before is void. */
    void startAnew() throws KeyTroubleException {
        call(function(C_FINALIZE, ADDRESS), MemorySegment.NULL);
        initialise();
    }

    /** The place of the token in the library's list of slots. */
    int index() throws KeyTroubleException {
        List<Slot> slots = slots();
        List<Slot> fitting = slots.stream()
                .filter(slot -> settings.label()
                        .map(slot.label()::equals)
                        .orElse(!slot.label().isEmpty()))
                .toList();
        if (fitting.size() == 1) {
            return fitting.getFirst().index();
        }
        String labels = slots.stream()
                .map(Slot::label)
                .filter(label -> !label.isEmpty())
                .map("\"%s\""::formatted)
                .reduce((one, other) -> one + ", " + other)
                .orElse("none");
        throw new KeyTroubleException(
                fitting.isEmpty()
                        ? "%s is not there; %s has the tokens: %s"
                                .formatted(settings.words(), settings.library(), labels)
                        : "%s has several tokens that may be meant: %s; say which by countersign.token.pkcs11.token-label"
                                .formatted(settings.library(), labels));
    }

    private List<Slot> slots() throws KeyTroubleException {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle list = function(C_GET_SLOT_LIST, JAVA_BYTE, ADDRESS, ADDRESS);
            MemorySegment count = arena.allocate(JAVA_LONG);
            // Slots without a token too, for that is the list in which the JDK's provider counts.
            check("C_GetSlotList", call(list, (byte) 0, MemorySegment.NULL, count));
            long room = count.get(JAVA_LONG, 0);
            if (room < 0 || room > MOST_SLOTS) {
                throw new KeyTroubleException("%s tells of %d slots".formatted(settings.library(), room));
            }
            MemorySegment ids = arena.allocate(JAVA_LONG, Math.max(room, 1));
            check("C_GetSlotList", call(list, (byte) 0, ids, count));
            var slots = new ArrayList<Slot>();
            for (int index = 0; index < Math.min(room, count.get(JAVA_LONG, 0)); index++) {
                slots.add(new Slot(index, label(ids.getAtIndex(JAVA_LONG, index), arena)));
            }
            return slots;
        }
    }

    /** Padded with blanks: section 3.2. Empty when there is no token. */
    private String label(long slot, Arena arena) throws KeyTroubleException {
        MemorySegment info = arena.allocate(TOKEN_INFO, JAVA_LONG.byteAlignment());
        long answer = call(function(C_GET_TOKEN_INFO, JAVA_LONG, ADDRESS), slot, info);
        if (answer == CKR_TOKEN_NOT_PRESENT || answer == CKR_TOKEN_NOT_RECOGNIZED) {
            return "";
        }
        check("C_GetTokenInfo", answer);
        return new String(info.asSlice(0, LABEL).toArray(JAVA_BYTE), StandardCharsets.UTF_8)
                .replace('\0', ' ')
                .stripTrailing();
    }

    private MethodHandle function(int place, MemoryLayout... arguments) {
        return handle(
                functions.get(ADDRESS, FIRST_FUNCTION + place * ADDRESS.byteSize()),
                FunctionDescriptor.of(JAVA_LONG, arguments));
    }

    @SuppressWarnings("restricted") // As above.
    private static MethodHandle handle(MemorySegment function, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(function, descriptor);
    }

    private static long call(MethodHandle function, Object... arguments) {
        try {
            return (long) function.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native call throws nothing of its own", e);
        }
    }

    private void check(String function, long answer) throws KeyTroubleException {
        if (answer != CKR_OK) {
            throw new KeyTroubleException("%s of %s answers 0x%X".formatted(function, settings.library(), answer));
        }
    }
}
