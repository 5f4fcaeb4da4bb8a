package aika.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where logs go: warnings to stderr; with a data directory, everything from INFO to {@code
 * logs/aika.log} there, one JSON object a line. Stdout belongs to what a command prints.
 *
 * <p>Written in Java because reading logback's XML takes a tenth of a second of every start.
 */
public final class Logs extends ContextAwareBase implements Configurator {
  private static final String FILE = "logs/aika.log";
  private static final long FILE_BYTES_MAX = 20L * 1024 * 1024;
  private static final int OLD_FILES_MAX = 3;

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    PatternLayoutEncoder lines = new PatternLayoutEncoder();
    lines.setContext(context);
    lines.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n");
    lines.start();
    ThresholdFilter warnings = new ThresholdFilter();
    warnings.setLevel(Level.WARN.levelStr);
    warnings.start();
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setTarget("System.err");
    stderr.setEncoder(lines);
    stderr.addFilter(warnings);
    stderr.start();
    root(context).setLevel(Level.INFO);
    root(context).addAppender(stderr);
    // Which settings it uses, each time it starts, and each file that it opens.
    context.getLogger("org.apache.ratis").setLevel(Level.WARN);
    // Each connection, and each attempt while a server is away: the sink says that once.
    context.getLogger("org.mongodb").setLevel(Level.WARN);
    context.getLogger("io.scalecube").setLevel(Level.ERROR); // that others are away is no news
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** From now on everything from INFO goes into this data directory. */
  static void into(Path data) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return; // another logging library was put on the class path, with its own settings
    }
    String path = data.resolve(FILE).toString();
    RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
    file.setContext(context);
    file.setName("file");
    file.setFile(path);
    JsonEncoder json = new JsonEncoder();
    json.setContext(context);
    json.setWithContext(false);
    json.setWithSequenceNumber(false);
    json.setWithNanoseconds(false);
    json.start();
    file.setEncoder(json);
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(FILE_BYTES_MAX));
    size.start();
    FixedWindowRollingPolicy old = new FixedWindowRollingPolicy();
    old.setContext(context);
    old.setParent(file);
    old.setFileNamePattern(path + ".%i");
    old.setMinIndex(1);
    old.setMaxIndex(OLD_FILES_MAX);
    old.start();
    file.setTriggeringPolicy(size);
    file.setRollingPolicy(old);
    file.start();
    root(context).addAppender(file);
    javaLogging();
  }

  /** Closes the log file, so that its directory can be removed. */
  static void close() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      root(context).detachAppender("file");
    }
  }

  private static ch.qos.logback.classic.Logger root(LoggerContext context) {
    return context.getLogger(Logger.ROOT_LOGGER_NAME);
  }

  /** Libraries that use the JDK's own logging would write to stderr. */
  private static void javaLogging() {
    LogManager.getLogManager().reset();
    java.util.logging.Logger.getLogger("").addHandler(new ToSlf4j());
  }

  private static final class ToSlf4j extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    @Override
    public void publish(LogRecord entry) {
      Logger logger = LoggerFactory.getLogger(String.valueOf(entry.getLoggerName()));
      String message = formatter.formatMessage(entry);
      if (entry.getLevel().intValue() >= java.util.logging.Level.SEVERE.intValue()) {
        logger.error(message, entry.getThrown());
      } else if (entry.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
        logger.warn(message, entry.getThrown());
      } else {
        logger.info(message, entry.getThrown());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
