package io.countersign.verifier.tee.nvgpu.report;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What NVIDIA adds to the measurements. NVIDIA Opaque Data Format, "Blob layout"; entries without a header were read off
 * genuine reports.
 *
 * @param version in the versioned layout the header's major version, otherwise what the entry OPAQUE_DATA_VERSION says
 * @param entries in order, every type once; an unknown type is nothing to build trust on
 */
public record OpaqueData(Layout layout, Optional<Integer> version, List<OpaqueEntry> entries) {
    static final String STRUCTURE = "opaque data";
    static final Bytes MAGIC = Bytes.utf8("NVDAOD");
    static final int HEADER = 12;

    private static final int PROFILE = 0;
    private static final int NEWEST_MAJOR = 2;

    /** Drivers up to those of CUDA 13.4 write entries alone; later ones a header, and a value type in each entry. */
    public enum Layout {
        LEGACY(0, 4),
        VERSIONED(HEADER, 6);

        private final int header;
        private final int entryHead;

        Layout(int header, int entryHead) {
            this.header = header;
            this.entryHead = entryHead;
        }
    }

    public OpaqueData {
        entries = List.copyOf(entries);
    }

    /** The bytes of an entry, if there is one. */
    public Optional<Bytes> find(OpaqueType type) {
        for (OpaqueEntry entry : entries) {
            if (entry.type() == type.id()) {
                return Optional.of(entry.data());
            }
        }
        return Optional.empty();
    }

    static OpaqueData read(Bytes raw) throws EvidenceException {
        if (raw.startsWith(MAGIC)) {
            Header header = ByteCursor.readExactly(
                    STRUCTURE, raw.slice(0, Math.min(HEADER, raw.length())), ByteOrder.LITTLE_ENDIAN, Header::read);
            header.requireKnown();
            return new OpaqueData(Layout.VERSIONED, Optional.of(header.major()), entries(raw, Layout.VERSIONED));
        }
        var legacy = new OpaqueData(Layout.LEGACY, Optional.empty(), entries(raw, Layout.LEGACY));
        legacy.requireForm(OpaqueType.OPAQUE_DATA_VERSION, Form.NUMBER);
        return new OpaqueData(
                Layout.LEGACY, legacy.find(OpaqueType.OPAQUE_DATA_VERSION).map(Form::number), legacy.entries());
    }

    private record Header(int profile, int major, int padding) {
        static Header read(ByteCursor in) throws MalformedEvidenceException {
            in.at(0).bytes(MAGIC.length()); // Magic
            int profile = in.at(6).u16(); // Profile
            int major = in.at(8).u8(); // Version: Major
            in.at(9).bytes(2); // Version: Minor, Patch, which change nothing that is read here
            return new Header(profile, major, in.at(11).u8()); // Version: Padding
        }

        void requireKnown() throws EvidenceException {
            if (profile != PROFILE) {
                throw new UnsupportedEvidenceException(STRUCTURE, "profile %d is not known; 0 is".formatted(profile));
            }
            if (major > NEWEST_MAJOR) {
                throw new UnsupportedEvidenceException(
                        STRUCTURE,
                        "major version %d is not known; versions up to %d are".formatted(major, NEWEST_MAJOR));
            }
            if (padding != 0) {
                throw new MalformedEvidenceException(
                        STRUCTURE, HEADER - 1, "padding 0x%02x; it is zero".formatted(padding));
            }
        }
    }

    private static List<OpaqueEntry> entries(Bytes raw, Layout layout) throws MalformedEvidenceException {
        return ByteCursor.readExactly(STRUCTURE, raw, ByteOrder.LITTLE_ENDIAN, in -> {
            in.bytes(layout.header);
            var entries = new ArrayList<OpaqueEntry>();
            var seen = new HashSet<Integer>();
            while (in.remaining() > 0) {
                int offset = in.position();
                int type = in.u16(); // Type
                Optional<Integer> valueType =
                        layout == Layout.VERSIONED ? Optional.of(in.u16()) : Optional.empty(); // ValueType
                int size = in.u16(); // Size
                entries.add(new OpaqueEntry(type, valueType, in.bytes(size))); // Data
                if (!seen.add(type)) {
                    throw new MalformedEvidenceException(STRUCTURE, offset, "a second entry of type " + type);
                }
            }
            return entries;
        });
    }

    /** Refuses an entry whose type a device of this kind is known to use and whose bytes are not of that type's form. */
    void requireForms(DeviceKind kind) throws MalformedEvidenceException {
        for (OpaqueEntry entry : entries) {
            Optional<OpaqueType> type = OpaqueType.of(entry.type(), kind);
            if (type.isPresent()) {
                requireForm(type.get(), type.get().form(kind));
            }
        }
        if (kind == DeviceKind.NVSWITCH
                && find(OpaqueType.GPU_INFO).isPresent()
                && find(OpaqueType.SWITCH_GPU_PDIS).isPresent()) {
            // Old firmware has the one and newer firmware the other: which of two lists would count?
            throw new MalformedEvidenceException(
                    STRUCTURE,
                    offset(OpaqueType.GPU_INFO),
                    "GPU_INFO beside SWITCH_GPU_PDIS; a switch has one list of GPUs");
        }
    }

    private void requireForm(OpaqueType type, Form form) throws MalformedEvidenceException {
        Optional<String> refusal = find(type).flatMap(form::refusal);
        if (refusal.isPresent()) {
            throw new MalformedEvidenceException(STRUCTURE, offset(type), type.name() + " " + refusal.get());
        }
    }

    private int offset(OpaqueType type) {
        List<Integer> offsets = dataOffsets();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).type() == type.id()) {
                return offsets.get(i);
            }
        }
        throw new IllegalArgumentException("no entry of type " + type);
    }

    /** Where the data of every entry begins. */
    List<Integer> dataOffsets() {
        var offsets = new ArrayList<Integer>();
        int position = layout.header;
        for (OpaqueEntry entry : entries) {
            position += layout.entryHead;
            offsets.add(position);
            position += entry.data().length();
        }
        return offsets;
    }
}
