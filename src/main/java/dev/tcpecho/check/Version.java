package dev.tcpecho.check;

import picocli.CommandLine.IVersionProvider;

/** What the jar is, as its manifest says. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "tcp-echo " + (version == null ? "(not packaged)" : version) + ", Java "
                    + System.getProperty("java.version")
        };
    }
}
