package io.countersign.verifier.tee.tdx.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The 16 security version numbers of one level, with what Intel says each of them counts. Intel PCS API, version 4, "Get TDX
 * TCB Info": {@code sgxtcbcomponents} and {@code tdxtcbcomponents}; version 3: {@code sgxtcbcomp01svn} to {@code …16svn}.
 *
 * @param svns 16 bytes, one for each component
 * @param labels 16, in the same order
 */
public record TcbComponents(Bytes svns, List<Label> labels) {
    public static final int COUNT = 16;

    private static final int HIGHEST = 255;
    private static final String OLD_PREFIX = "sgxtcbcomp";
    private static final List<Label> UNLABELLED = java.util.Collections.nCopies(COUNT, Label.NONE);

    /**
     * What a component is, where Intel says it.
     *
     * @param category who brings an update: {@code BIOS} or {@code OS/VMM}
     * @param type as in {@code Early Microcode Update}, {@code TDX Module}
     */
    public record Label(Optional<String> category, Optional<String> type) {
        static final Label NONE = new Label(Optional.empty(), Optional.empty());
    }

    public TcbComponents {
        labels = List.copyOf(labels);
        if (svns.length() != COUNT || labels.size() != COUNT) {
            throw new IllegalArgumentException("a level has 16 components, each with its label");
        }
    }

    public int svn(int index) {
        return svns.u8(index);
    }

    /** Whether each component, from one on, is at most the platform's. */
    boolean areAtMost(Bytes platform, int from) {
        for (int i = from; i < COUNT; i++) {
            if (svns.u8(i) > platform.u8(i)) {
                return false;
            }
        }
        return true;
    }

    /** Reads the array of a level in version 3: exactly 16 objects, each with its number. */
    static TcbComponents read(JsonObject tcb, String name) throws MalformedCollateralException {
        List<JsonObject> entries = tcb.objects(name);
        if (entries.size() != COUNT) {
            throw tcb.refusal(name, "has " + entries.size() + " entries", "exactly " + COUNT);
        }
        byte[] svns = new byte[COUNT];
        var labels = new ArrayList<Label>(COUNT);
        for (int i = 0; i < COUNT; i++) {
            JsonObject entry = entries.get(i);
            svns[i] = (byte) entry.integer("svn", HIGHEST);
            labels.add(new Label(entry.textIfAny("category"), entry.textIfAny("type")));
        }
        return new TcbComponents(Bytes.copyOf(svns), labels);
    }

    /** Reads the 16 members of a level in version 2. */
    static TcbComponents readOldForm(JsonObject tcb) throws MalformedCollateralException {
        byte[] svns = new byte[COUNT];
        for (int i = 0; i < COUNT; i++) {
            svns[i] = (byte) tcb.integer("%s%02dsvn".formatted(OLD_PREFIX, i + 1), HIGHEST);
        }
        int found = 0;
        for (String name : tcb.names()) {
            found += name.startsWith(OLD_PREFIX) ? 1 : 0;
        }
        if (found != COUNT) {
            throw tcb.refusal(OLD_PREFIX + "…svn", "stands there " + found + " times", "exactly " + COUNT);
        }
        return new TcbComponents(Bytes.copyOf(svns), UNLABELLED);
    }
}
