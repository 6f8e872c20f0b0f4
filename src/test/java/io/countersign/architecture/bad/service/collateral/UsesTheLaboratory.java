package io.countersign.architecture.bad.service.collateral;

import io.countersign.architecture.bad.cases.CaseSource;

/** Breaks a rule. */
record UsesTheLaboratory(CaseSource cases) {}
