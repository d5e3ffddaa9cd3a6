package dev.tcpecho.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Locale;
import org.eclipse.microprofile.config.spi.Converter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key takes, and what it refuses. */
class BoundsTest {
    private final Locale locale = Locale.getDefault();

    @AfterEach
    void backToTheLocaleOfBefore() {
        Locale.setDefault(locale);
    }

    @ParameterizedTest
    @CsvSource({
        "true, true",
        "TRUE, true",
        "Yes, true",
        "on, true",
        "1, true",
        "false, false",
        "NO, false",
        "oFf, false",
        "0, false"
    })
    void wordsForOnAndOffInAnyCase(String word, boolean on) {
        assertThat(new Bounds.Flag().convert(word)).isEqualTo(on);
    }

    @ParameterizedTest
    @ValueSource(strings = {"enabled", "2", "y", "t", "wahr", "tru", "-1", "00", "true,true", "on off"})
    void everyOtherWordIsRefused(String word) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bounds.Flag().convert(word))
                .withMessageContaining(word);
    }

    @Test
    void aShareIsNeverNothing() {
        assertThat(new Bounds.Probability().convert("0.25")).isEqualTo(0.25);
        assertThat(new Bounds.Probability().convert("1")).isEqualTo(1);
        for (String wrong : new String[] {"0", "-0.1", "1.01", "half", "NaN", "10%", "1d", "0x1p-1", "٠.٥", "0,5"}) {
            refuses(new Bounds.Probability(), wrong);
        }
        assertThat(new Bounds.ByteCount().convert("0").asLongValue()).isZero();
        assertThat(new Bounds.ByteCount().convert("5M").asLongValue()).isEqualTo(5 << 20);
        refuses(new Bounds.ByteCount(), "-1");
        refuses(new Bounds.Seed(), "-1");
    }

    /** Turkish has an i of its own: TRUE has none, yet PRIORITY, MINUTES and the like do. */
    @Test
    void noLocaleChangesWhatIsRead() {
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        assertThat(new Bounds.Flag().convert("OFF")).isFalse();
        assertThat(new Bounds.TimeoutOrNever().convert("pt0.5s")).isEqualTo(Duration.ofMillis(500));
        assertThat(new Bounds.BufferSize().convert("64k").asLongValue()).isEqualTo(65536);
    }

    /** As sizes and times do: a number means the same for every key. */
    @ParameterizedTest
    @ValueSource(strings = {"٧", "８０", "0x50", "8_0", "1e3", "8 0", "--8", "99999999999999999999"})
    void aNumberIsWrittenInAsciiDigits(String number) {
        refuses(new Bounds.Port(), number);
        refuses(new Bounds.FastOpenQueue(), number);
        refuses(new Bounds.BufferSize(), number);
        refuses(new Bounds.TimeoutOrNever(), number);
    }

    @Test
    void aNumberMayHaveASignAndBlanksAroundIt() {
        assertThat(new Bounds.Port().convert(" +80 ")).isEqualTo(80);
        assertThat(new Bounds.Port().convert("0080")).isEqualTo(80);
    }

    @ParameterizedTest
    @CsvSource({"500MS", "1S1MS", "PT0.5S", "1999MS", "PT1.5S"})
    void secondsOfTheKernelAreWhole(String time) {
        refuses(new Bounds.LingerTime(), time);
        refuses(new Bounds.KeepAliveTime(), time);
    }

    @Test
    void aTimeInWholeSecondsMayBeWrittenInMilliseconds() {
        assertThat(new Bounds.LingerTime().convert("2000MS")).isEqualTo(Duration.ofSeconds(2));
        assertThat(new Bounds.KeepAliveTime().convert("PT1M")).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"25D", "2147483648MS", "PT0.0005S", "-1S", "soon", "99999999999999999999S", "P999999999D"})
    void userTimeoutIsAnIntOfWholeMilliseconds(String time) {
        refuses(new Bounds.UserTimeout(), time);
    }

    @Test
    void theLargestUserTimeoutIsTheKernels() {
        assertThat(new Bounds.UserTimeout().convert("2147483647MS")).isEqualTo(Duration.ofMillis(Integer.MAX_VALUE));
        assertThat(new Bounds.UserTimeout().convert("24D")).isEqualTo(Duration.ofDays(24));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.0000001S", "366D", "9223372036854775807", "9223372036854775807D", "1 hour"})
    void timeoutsOfOursAreWholeMillisecondsUpToAYear(String time) {
        refuses(new Bounds.TimeoutOrNever(), time);
        refuses(new Bounds.Timeout(), time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1T", "1.5M", "64 K", "64KiB", "much", "99999999999999999999999999Y"})
    void sizesFitTheKernelsInt(String size) {
        refuses(new Bounds.BufferSize(), size);
    }

    @Test
    void aServiceLinkIsNoPortAndTheMessageSaysWhere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bounds.Port().convert("tcp://10.96.0.1:8888"))
                .withMessageContaining("Kubernetes")
                .withMessageContaining("enableServiceLinks: false");
    }

    @Test
    void aQueueOfFastOpenIsANumberOrAWord() {
        assertThat(new Bounds.FastOpenQueue().convert("YES")).isEqualTo(256);
        assertThat(new Bounds.FastOpenQueue().convert("off")).isZero();
        assertThat(new Bounds.FastOpenQueue().convert("1")).isEqualTo(1);
        refuses(new Bounds.FastOpenQueue(), "some");
    }

    @Test
    void aCongestionControlFitsTheKernelsName() {
        assertThat(new Bounds.CongestionName().convert(" bbr ")).isEqualTo("bbr");
        refuses(new Bounds.CongestionName(), "sixteen-letters-");
        refuses(new Bounds.CongestionName(), "cu\u0000bic");
    }

    @Test
    void rangesHaveOneEndOrTwo() {
        TimeRange.Reader times = new TimeRange.Reader();
        assertThat(times.convert("100MS..300MS"))
                .isEqualTo(new TimeRange(Duration.ofMillis(100), Duration.ofMillis(300)));
        assertThat(times.convert("1S")).isEqualTo(new TimeRange(Duration.ofSeconds(1), Duration.ofSeconds(1)));
        NumberRange.Reader numbers = new NumberRange.Reader();
        assertThat(numbers.convert("1..7")).isEqualTo(new NumberRange(1, 7));
        assertThat(numbers.convert("4K")).isEqualTo(new NumberRange(4096, 4096));
        refuses(times, "300MS..100MS");
        refuses(times, "..1S");
        refuses(times, "1S..");
        refuses(times, "1S...2S");
        refuses(numbers, "7..1");
        refuses(numbers, "1..2..3");
        refuses(numbers, "0..3");
    }

    private static void refuses(Converter<?> converter, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> converter.convert(value))
                .withMessageStartingWith("must be ");
    }
}
