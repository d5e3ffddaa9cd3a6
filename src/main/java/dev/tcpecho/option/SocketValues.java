package dev.tcpecho.option;

import java.util.Map;
import java.util.Set;

/**
 * What one socket answered at one moment, not yet judged.
 *
 * @param values as far as they can be read or concluded
 * @param means how the transport reaches each option that the socket has
 */
public record SocketValues(Role role, Map<SocketOption, OptionValue> values, Map<SocketOption, Set<Means>> means) {}
