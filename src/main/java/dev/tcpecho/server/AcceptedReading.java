package dev.tcpecho.server;

import dev.tcpecho.option.OptionReading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The options of one accepted connection, judged.
 *
 * @param ipv6 whether its peer came by IPv6; an IPv4 peer of an IPv6 socket did not
 * @param fromCheck whether it was the service's own, from its start
 */
public record AcceptedReading(boolean ipv6, Instant readAt, boolean fromCheck, List<OptionReading> options) {
    public String family() {
        return ipv6 ? "IPv6" : "IPv4";
    }

    /** Each option once: of its own family where that is known, else as it was read last. */
    public static List<OptionReading> merged(List<AcceptedReading> readings) {
        List<AcceptedReading> latest = readings.stream()
                .sorted(Comparator.comparing(AcceptedReading::readAt).reversed())
                .toList();
        List<OptionReading> merged = new ArrayList<>();
        for (AcceptedReading reading : latest) {
            for (OptionReading option : reading.options()) {
                boolean foreign = option.option().isOfOtherFamily(reading.ipv6());
                int known = indexOf(merged, option);
                if (known < 0) {
                    merged.add(option);
                } else if (!foreign && option.option().isOfOtherFamily(!reading.ipv6())) {
                    merged.set(known, option);
                }
            }
        }
        merged.sort(Comparator.comparing(OptionReading::option));
        return List.copyOf(merged);
    }

    private static int indexOf(List<OptionReading> readings, OptionReading wanted) {
        for (int i = 0; i < readings.size(); i++) {
            if (readings.get(i).option() == wanted.option()) {
                return i;
            }
        }
        return -1;
    }
}
