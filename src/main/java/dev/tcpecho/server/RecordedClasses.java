package dev.tcpecho.server;

import io.quarkus.dev.spi.HotReplacementContext;
import java.lang.reflect.Field;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Dev mode: the classes that Quarkus' recorder remembers beyond the reload that they were recorded for. Each keeps its
 * class loader, so that every reload would leave one behind: it is the class of our VertxServiceProvider.
 */
final class RecordedClasses {
    private static final Logger LOG = Logger.getLogger(RecordedClasses.class);
    private static final String PROPERTIES = "io.quarkus.deployment.recording.PropertyUtils";

    private RecordedClasses() {}

    /** Of this application; Quarkus looks at them anew when it needs them. */
    static void forget(HotReplacementContext quarkus) {
        try {
            Field cache =
                    quarkus.getClass().getClassLoader().loadClass(PROPERTIES).getDeclaredField("CACHE");
            cache.setAccessible(true);
            ((Map<?, ?>) cache.get(null))
                    .keySet()
                    .removeIf(each -> each instanceof Class<?> recorded
                            && recorded.getName().startsWith("dev.tcpecho."));
        } catch (ReflectiveOperationException e) {
            LOG.debug("Quarkus may remember a class for each reload", e);
        }
    }
}
