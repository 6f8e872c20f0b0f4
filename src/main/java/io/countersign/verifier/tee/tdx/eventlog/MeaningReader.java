package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.BootVariable;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.DstackRecord;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.KernelCommandLine;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.KeyVariable;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.LoaderCommand;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.PartitionTable;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.PayloadParameters;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.RuntimeRecord;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.SecureBoot;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.Unexplained;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Explains the digests of one register, in their order. Every kind belongs to the one register that genuine software measures
 * it into, and has a form that nothing else measured there has: a blob is not explained away by calling it something else.
 */
final class MeaningReader {
    private static final Unexplained UNEXPLAINED = new Unexplained();

    /** What EDK2 measures right after SecureBoot, in this order (MeasureAllSecureVariables). */
    private static final List<String> KEY_VARIABLES = List.of("PK", "KEK", "db", "dbx");

    /** GRUB's prefixes upstream and in the builds of Alibaba Cloud and OpenAnolis. */
    private static final List<String> COMMAND_PREFIXES = List.of("grub_cmd: ", "grub_cmd ");

    private static final List<String> COMMAND_LINE_PREFIXES = List.of("kernel_cmdline: ", "grub_kernel_cmdline ");

    private static final Bytes PARAMETERS = Bytes.utf8("td_payload_info\0");
    private static final Bytes PARTITION_TABLE = Bytes.utf8("EFI PART");
    private static final Bytes NUL = Bytes.zeros(1);
    private static final long AAEL = 0x4141454CL;

    private MeaningReader() {}

    static List<Meaning> read(int rtmr, List<Event> events) {
        var meanings = new ArrayList<Meaning>(events.size());
        for (Event event : events) {
            Bytes digest = event.sha384().orElse(Bytes.empty());
            meanings.add(KnownDigests.find(rtmr, digest)
                    .or(() -> switch (rtmr) {
                        case 0 -> keyVariable(event, digest, meanings);
                        case 1 -> beforeTheLoader(event.data(), digest);
                        case 2 -> loaderText(event.data(), digest);
                        default -> runtime(event, digest);
                    })
                    .orElse(UNEXPLAINED));
        }
        return List.copyOf(meanings);
    }

    /**
     * A key variable counts only in its place after the first SecureBoot, where the firmware measures it: whoever runs later
     * can extend RTMR0 too, and hide the genuine variable behind other text.
     */
    private static Optional<Meaning> keyVariable(Event event, Bytes digest, List<Meaning> before) {
        int first = 0;
        while (first < before.size() && !(before.get(first) instanceof SecureBoot)) {
            first++;
        }
        int place = before.size() - first - 1;
        if (place < 0
                || place >= KEY_VARIABLES.size()
                || !digest.equals(event.data().sha384())) {
            return Optional.empty();
        }
        String expected = KEY_VARIABLES.get(place);
        Bytes vendor = place < 2 ? UefiVariable.GLOBAL : UefiVariable.SECURITY_DATABASE;
        return UefiVariable.read(event.data())
                .filter(variable -> variable.is(vendor, expected))
                .map(_ -> new KeyVariable(expected));
    }

    private static Optional<Meaning> beforeTheLoader(Bytes data, Bytes digest) {
        if (data.startsWith(PARTITION_TABLE)) {
            return data.sha384().equals(digest) ? Optional.of(new PartitionTable()) : Optional.empty();
        }
        if (data.startsWith(PARAMETERS)) {
            return payloadParameters(data, digest);
        }
        return UefiVariable.read(data)
                .filter(UefiVariable::isBootVariable)
                .filter(variable -> variable.data().sha384().equals(digest))
                .map(variable -> new BootVariable(variable.name()));
    }

    /** td-shim's TD_EVENT of its payload's parameters: a name of 16 bytes, the length, and text padded with zeros. */
    private static Optional<Meaning> payloadParameters(Bytes data, Bytes digest) {
        int start = PARAMETERS.length() + 4;
        if (data.length() < start) {
            return Optional.empty();
        }
        Bytes measured = data.slice(start, data.length());
        Bytes text = MeasuredText.upToZero(measured);
        return measured.slice(text.length(), measured.length()).isAllZero()
                        && measured.sha384().equals(digest)
                ? MeasuredText.of(text).map(PayloadParameters::new)
                : Optional.empty();
    }

    /** GRUB measures the text behind its prefix, upstream without the NUL that ends the event, Alibaba's commands with it. */
    private static Optional<Meaning> loaderText(Bytes data, Bytes digest) {
        Optional<Bytes> commandLine = after(COMMAND_LINE_PREFIXES, data);
        if (commandLine.isPresent()) {
            return commandLine
                    .filter(text -> text.sha384().equals(digest))
                    .flatMap(MeasuredText::of)
                    .filter(MeaningReader::beginsWithAPath)
                    .map(KernelCommandLine::new);
        }
        return after(COMMAND_PREFIXES, data)
                .filter(text -> text.sha384().equals(digest)
                        || Bytes.concat(text, NUL).sha384().equals(digest))
                .flatMap(MeasuredText::of)
                .map(text -> beginsWithAPath(text) ? new KernelCommandLine(text) : new LoaderCommand(text));
    }

    /**
     * GRUB puts the kernel's path in front of its command line, absolute or with a device, and no command begins so. So a
     * command line stays one under any label, and two different ones contradict each other.
     */
    private static boolean beginsWithAPath(String text) {
        return text.startsWith("/") || text.startsWith("(");
    }

    private static Optional<Bytes> after(List<String> prefixes, Bytes data) {
        return prefixes.stream()
                .map(Bytes::utf8)
                .filter(data::startsWith)
                .findFirst()
                .map(prefix -> MeasuredText.upToZero(data.slice(prefix.length(), data.length())));
    }

    private static Optional<Meaning> runtime(Event event, Bytes digest) {
        if (event.name().isEmpty()) {
            return event.data().sha384().equals(digest) ? runtimeText(event.data()) : Optional.empty();
        }
        // A colon in the name would leave it open where the name ends and the payload begins.
        boolean matches = !event.name().contains(":")
                && DstackEvent.preimage(event.type(), event.name(), event.data())
                        .sha384()
                        .equals(digest);
        return matches ? Optional.of(new DstackRecord(event.name(), event.data())) : Optional.empty();
    }

    /** TCG_PCClientTaggedEvent "AAEL" of Confidential Containers: the header is measured with the text. */
    private static Optional<Meaning> runtimeText(Bytes data) {
        try {
            Bytes text = ByteCursor.readExactly("AAEL event", data, ByteOrder.LITTLE_ENDIAN, in -> {
                if (in.at(0).u32() != AAEL || in.at(4).u32() != in.remaining()) {
                    throw in.malformed("is another kind of event");
                }
                return in.bytes(in.remaining());
            });
            return MeasuredText.of(text).map(RuntimeRecord::new);
        } catch (MalformedEvidenceException _) { // another kind of event, which is no fault
            return Optional.empty();
        }
    }
}
