package io.countersign.service.policies;

import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyIssue;
import java.util.List;
import java.util.Optional;

/** The policies that are loaded, by id, and what was refused. */
public interface PolicyLibrary {
    /**
     * One policy file as the service sees it.
     *
     * @param active empty when the file was refused, for the reasons in {@code issues}
     */
    record Entry(String id, String file, Optional<AppraisalPolicy> active, String source, List<PolicyIssue> issues) {}

    Optional<AppraisalPolicy> find(String id);

    List<Entry> entries();
}
