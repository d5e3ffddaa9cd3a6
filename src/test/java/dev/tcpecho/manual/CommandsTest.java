package dev.tcpecho.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every command that the manual shows is run by a test or by the gate, so that none can rot. */
class CommandsTest {
    private static final Path TABLE = Path.of("src/test/resources/manual/commands.txt");

    @Test
    void everyCommandThatIsShownIsRunBySomething() throws IOException {
        Map<String, String> table = table();
        List<String> faults = new ArrayList<>();
        for (Manual page : Manual.all()) {
            for (String command : commands(page)) {
                if (table.keySet().stream().noneMatch(command::startsWith)) {
                    faults.add(page + " shows a command that nothing runs: " + command);
                }
            }
        }
        assertThat(faults).as("say what runs it in " + TABLE).isEmpty();
    }

    @Test
    void whatIsSaidToRunThemDoes() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Map.Entry<String, String> row : table().entrySet()) {
            String[] by = row.getValue().split(": ", 2);
            boolean runs = by.length == 1
                    ? exists(by[0])
                    : by[0].equals("none") || Files.readString(Path.of(by[0])).contains(by[1]);
            if (!runs) {
                faults.add(row.getKey() + ": not run by " + row.getValue());
            }
        }
        assertThat(faults).as(TABLE.toString()).isEmpty();
    }

    private static boolean exists(String test) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.anyMatch(file -> file.endsWith(test + ".java"));
        }
    }

    private static Map<String, String> table() throws IOException {
        Map<String, String> table = new LinkedHashMap<>();
        for (String line : Files.readAllLines(TABLE)) {
            if (!line.startsWith("#")) {
                String[] parts = line.split(" => ", 2);
                table.put(parts[0], parts[1]);
            }
        }
        return table;
    }

    /** Lines of shell blocks, and those behind a prompt; without the lines that go on with the one before. */
    private static List<String> commands(Manual page) {
        List<String> commands = new ArrayList<>();
        String block = "";
        boolean goesOn = false;
        for (String line : page.lines()) {
            if (line.startsWith("```")) {
                block = line.substring(3);
            } else if (!goesOn && !line.isBlank() && !line.startsWith("#")) {
                if (block.equals("shell")) {
                    commands.add(line);
                } else if (block.equals("console") && line.startsWith("$ ")) {
                    commands.add(line.substring(2));
                }
            }
            goesOn = !block.isEmpty() && line.endsWith("\\");
        }
        return commands;
    }
}
