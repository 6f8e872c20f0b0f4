package io.countersign.architecture.bad.service.collateral;

import io.countersign.architecture.bad.service.api.Resource;

/** Breaks a rule. */
record Source(Resource api) {}
