package io.countersign.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One case that the generator writes. */
interface FixtureCase {
    /** The folder under {@code fixtures/}: what is attested, by whose hardware. */
    String folder();

    String name();

    /** The one thing that is so about it, in plain words. */
    String what();

    /** The body for {@code POST /v1/appraisals}. */
    ObjectNode request();

    /** What must come out. */
    ObjectNode expected();
}
