package io.countersign.service.policies;

import java.util.List;

/** Told what happens to the policies. */
public interface PolicyObserver {
    /**
     * The book is another one.
     *
     * @param entries everything that is loaded or refused now
     */
    void changed(List<PolicyChange> changes, List<PolicyLibrary.Entry> entries);

    /** The folder as a whole cannot be read, so that nothing changes. */
    void unreadable();

    /** Two who listen. */
    static PolicyObserver both(PolicyObserver first, PolicyObserver second) {
        return new PolicyObserver() {
            @Override
            public void changed(List<PolicyChange> changes, List<PolicyLibrary.Entry> entries) {
                first.changed(changes, entries);
                second.changed(changes, entries);
            }

            @Override
            public void unreadable() {
                first.unreadable();
                second.unreadable();
            }
        };
    }

    /** Nobody listens. */
    static PolicyObserver none() {
        return new PolicyObserver() {
            @Override
            public void changed(List<PolicyChange> changes, List<PolicyLibrary.Entry> entries) {}

            @Override
            public void unreadable() {}
        };
    }
}
