package io.countersign.architecture.bad.verifier;

import io.countersign.architecture.bad.service.api.Resource;

/** Breaks a rule. */
record UsesTheShell(Resource shell) {}
