package dev.tcpecho.kernel;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What sysctls said at one moment: each is read once, so that nothing made of them contradicts the rest. */
public final class Sysctls {
    /** By sysctl; those that this kernel does not have are empty, those that cannot be read are not there. */
    private final Map<Sysctl, String> texts;

    private Sysctls(Map<Sysctl, String> texts) {
        this.texts = texts;
    }

    /** All of them, now; reads a file of /proc for each. */
    public static Sysctls read() {
        return read(List.of(Sysctl.values()));
    }

    public static Sysctls read(Collection<Sysctl> wanted) {
        Map<Sysctl, String> texts = new EnumMap<>(Sysctl.class);
        for (Sysctl sysctl : wanted) {
            String text = sysctl.text();
            if (text != null || sysctl.isUnknownToKernel()) {
                texts.put(sysctl, text == null ? "" : text);
            }
        }
        return new Sysctls(texts);
    }

    public static Sysctls of(Map<Sysctl, String> texts) {
        return new Sysctls(texts.isEmpty() ? Map.of() : new EnumMap<>(texts));
    }

    /** As the kernel prints it, with single spaces; null where it cannot be read or this kernel has none. */
    public String text(Sysctl sysctl) {
        String text = texts.get(sysctl);
        return text == null || text.isEmpty() ? null : text;
    }

    /** Empty where it cannot be read or is no single number. */
    public OptionalLong number(Sysctl sysctl) {
        return Sysctl.number(text(sysctl));
    }

    /** Whether its value is there and cannot be told, so that what depends on it cannot be told either. */
    public boolean isUnreadable(Sysctl sysctl) {
        return !texts.containsKey(sysctl);
    }

    /** Such as {@code net.core.rmem_max, 4194304}. */
    public String named(Sysctl sysctl) {
        String text = text(sysctl);
        return sysctl.key() + (text == null ? ", which cannot be read here" : ", " + text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sysctls sysctls && texts.equals(sysctls.texts);
    }

    @Override
    public int hashCode() {
        return texts.hashCode();
    }
}
