package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The certificate table of an extended guest request, which configfs-tsm shows as auxblob. AMD 56421 (GHCB),
 * "SNP Extended Guest Request".
 */
final class CertificateTable {
    private static final String STRUCTURE = "certificate table";
    private static final int ENTRY_LENGTH = 24;
    private static final int GUID_LENGTH = 16;
    private static final int MAX_ENTRIES = 16;

    /** What an entry holds, told by its GUID in textual byte order. */
    enum Content {
        VCEK("63da758de6644564adc5f4b93be8accd"),
        VLEK("a8074bc2a25a483eaae639c045a0b8a1"),
        /** The ASK or the ASVK. */
        ASK("4ab7b379bbac4fe4a02f05aef327c782"),
        ARK("c0b406a4a803495297433fb6014cd0ae"),
        CRL("92f81bc358114d3d97ffd19f88dc67ea");

        private final String guid;

        Content(String guid) {
            this.guid = guid;
        }

        static Optional<Content> of(Bytes guid) {
            return Stream.of(values())
                    .filter(content -> content.guid.equals(guid.toString()))
                    .findFirst();
        }
    }

    /** One entry of a known kind and where its blob begins. */
    record Entry(Content content, int offset, Bytes blob) {}

    private record Header(Bytes guid, long offset, long length) {}

    private CertificateTable() {}

    /** The entries whose GUID we know; an empty blob is a legal table without any. */
    static List<Entry> parse(Bytes table) throws MalformedEvidenceException {
        if (table.length() == 0) {
            return List.of();
        }
        List<Header> headers = headers(table);
        int firstBlob = (headers.size() + 1) * ENTRY_LENGTH;
        var entries = new ArrayList<Entry>();
        var seen = new HashSet<Bytes>();
        for (int i = 0; i < headers.size(); i++) {
            Header header = headers.get(i);
            if (!seen.add(header.guid())) {
                throw new MalformedEvidenceException(STRUCTURE, i * ENTRY_LENGTH, "this GUID stands here twice");
            }
            if (header.offset() < firstBlob || header.offset() + header.length() > table.length()) {
                throw new MalformedEvidenceException(
                        STRUCTURE,
                        i * ENTRY_LENGTH,
                        "the blob at %d of %d bytes does not lie between the entries and the end at %d"
                                .formatted(header.offset(), header.length(), table.length()));
            }
            // Other GUIDs, such as a provider's hints about the processor, are nothing that we could authenticate.
            Content.of(header.guid())
                    .ifPresent(content -> entries.add(new Entry(content, (int) header.offset(), blob(table, header))));
        }
        return entries;
    }

    private static Bytes blob(Bytes table, Header header) {
        return table.slice((int) header.offset(), (int) (header.offset() + header.length()));
    }

    private static List<Header> headers(Bytes table) throws MalformedEvidenceException {
        var headers = new ArrayList<Header>();
        for (int at = 0; ; at += ENTRY_LENGTH) {
            if (at + ENTRY_LENGTH > table.length()) {
                throw new MalformedEvidenceException(STRUCTURE, at, "the table ends without its all-zero entry");
            }
            Bytes entry = table.slice(at, at + ENTRY_LENGTH);
            if (entry.isAllZero()) {
                return headers;
            }
            if (headers.size() == MAX_ENTRIES) {
                throw new MalformedEvidenceException(STRUCTURE, at, "more than " + MAX_ENTRIES + " entries");
            }
            headers.add(ByteCursor.readExactly(
                    STRUCTURE,
                    entry,
                    ByteOrder.LITTLE_ENDIAN,
                    in -> new Header(in.bytes(GUID_LENGTH), in.u32(), in.u32())));
        }
    }
}
