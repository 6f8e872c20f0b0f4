package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Intel's early channel, where a TCB recovery is published months before it counts: asked for its own sake. What it answers is not
 * kept, not verified, and never in hand when a request is judged. In offline mode it is the folder of endorsements.
 */
public final class EarlyChannel implements AutoCloseable {
    /** What came of a question. */
    public sealed interface Answer {
        record Received(Bytes content) implements Answer {}

        /**
         * Nothing came.
         *
         * @param why a plain sentence
         */
        record Nothing(String why) implements Answer {}
    }

    private final CollateralConfig config;
    private final IntelPcs pcs;
    private final EndorsementStore folder;

    /** Settings are those of gathering; the channel in them is left aside. */
    public EarlyChannel(CollateralConfig settings, InstantSource clock) {
        this.config = settings;
        this.pcs = new IntelPcs(settings.with(settings.intel().with(IntelPcsConfig.Update.EARLY)), clock);
        this.folder = new EndorsementStore(settings.dataDir(), 0, new Warnings(clock, GatheringObserver.none()));
    }

    /** Asks each address in turn until one has an answer; takes as long as the settings allow for each. */
    public Answer ask(IntelEndorsementRef ref) {
        Optional<String> objection = pcs.objection(ref);
        if (objection.isPresent()) {
            return new Answer.Nothing(objection.get());
        }
        return config.offline() ? inFolder(ref) : fetched(ref);
    }

    private Answer inFolder(IntelEndorsementRef ref) {
        EndorsementTraits traits = pcs.traits(ref);
        String file = traits.files().getFirst();
        return folder.read(file, traits.maxLength())
                .<Answer>map(stored -> new Answer.Received(stored.content()))
                .orElseGet(() -> new Answer.Nothing(
                        "this service works offline, and its folder of endorsements does not hold it (%s)"
                                .formatted(file)));
    }

    private Answer fetched(IntelEndorsementRef ref) {
        List<String> whys = new ArrayList<>();
        for (URI origin : pcs.origins(ref)) {
            switch (pcs.fetch(ref, origin, config.requestTimeout())) {
                case Fetched.Received(Bytes content) -> {
                    return new Answer.Received(content);
                }
                case Fetched.Failed failed -> whys.add(failed.why());
            }
        }
        return new Answer.Nothing(String.join("; ", whys));
    }

    @Override
    public void close() {
        pcs.close();
    }
}
