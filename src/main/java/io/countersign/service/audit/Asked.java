package io.countersign.service.audit;

import java.util.Optional;

/**
 * Who asked.
 *
 * @param request the id by which the request can be found in other logs
 * @param caller the operator's name for who showed that he is that; empty for everybody else
 * @param address empty unless addresses are to be kept
 */
public record Asked(String request, Optional<String> caller, Optional<String> address) {}
