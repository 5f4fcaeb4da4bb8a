package aika.node.config;

import aika.core.log.Hash;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The federation file, a file of the operator or a key file cannot be used. The message is meant to
 * be shown as it is: it names every place that is wrong, in English with a Japanese sentence.
 */
public final class FederationException extends RuntimeException {
  /** The federation file cannot be read or says something that cannot be. */
  public static final String FEDERATION_FILE = "FEDERATION_FILE";

  /** The operator's file of sinks cannot be read or says something that cannot be. */
  public static final String SINKS_FILE = "SINKS_FILE";

  /** The file that says where other nodes are cannot be read or says what cannot be. */
  public static final String NEIGHBOURS_FILE = "NEIGHBOURS_FILE";

  /** The file that says which machines are one node cannot be read or says what cannot be. */
  public static final String PEERS_FILE = "PEERS_FILE";

  /** A private key is missing, unreadable, open to others or not the federation's. */
  public static final String KEY_FILE = "KEY_FILE";

  /** A port offset moves a port out of 1 … 65535. */
  public static final String PORT_OFFSET = "PORT_OFFSET";

  private static final long serialVersionUID = 1L;

  /**
   * One fault and where it is.
   *
   * @param line counted from 1
   * @param key where it is, {@code municipalities.Asia-Komatsu.http}; empty for the whole file
   */
  public record Problem(int line, String key, Fault fault, String english, String japanese) {
    String text(String file) {
      String where = key.isEmpty() ? "" : key + ": ";
      return file + ':' + line + ": " + where + english + ". " + japanese;
    }
  }

  private final String code;
  private final transient List<Problem> problems;

  private FederationException(
      String code, String message, List<Problem> problems, @Nullable Throwable cause) {
    super(code + ": " + message, cause);
    this.code = code;
    this.problems = List.copyOf(problems);
  }

  static FederationException of(String code, String file, List<Problem> problems) {
    int count = problems.size();
    String head =
        "%s has %d %s. 設定ファイルに誤りが %d か所あります。"
            .formatted(file, count, count == 1 ? "fault" : "faults", count);
    String body = problems.stream().map(one -> one.text(file)).collect(Collectors.joining("\n"));
    return new FederationException(code, head + '\n' + body, problems, null);
  }

  static FederationException unreadable(String code, Path file, Exception cause) {
    return new FederationException(
        code, "%s cannot be read (%s). 設定ファイルを読めません。".formatted(file, cause), List.of(), cause);
  }

  /** A file that continues another one counts with the root's signature only. */
  static FederationException unsigned(Path file, @Nullable Throwable cause) {
    return new FederationException(
        FEDERATION_FILE,
        file
            + " continues an earlier file, and its last line is not the federation root's signature"
            + " under it. 前のファイルの続きですが、最後の行に連合の正しい署名がありません。",
        List.of(),
        cause);
  }

  /** A file that is not the one that was used last, and does not continue it. */
  static FederationException another(Path file, Hash used) {
    return new FederationException(
        FEDERATION_FILE,
        "%s is not the file that was used here last (SHA-256 %s), nor does it continue that one; put that one back. 前に使ったファイルでも、その続きでもありません。元に戻してください。"
            .formatted(file, used.base64()),
        List.of(),
        null);
  }

  /** A file does more than add to the one before. */
  static FederationException changed(Path file, String what) {
    return new FederationException(
        FEDERATION_FILE,
        "%s changes more than it adds: %s. 追加のほかに変わっているところがあります（%s）。".formatted(file, what, what),
        List.of(),
        null);
  }

  static FederationException unwritable(String code, Path file, Exception cause) {
    return new FederationException(
        code, "%s cannot be written (%s). 設定ファイルを書けません。".formatted(file, cause), List.of(), cause);
  }

  static FederationException key(
      Path file, String english, String japanese, @Nullable Throwable cause) {
    return new FederationException(
        KEY_FILE, file + ": " + english + ". " + japanese, List.of(), cause);
  }

  static FederationException portOffset(int port, int offset) {
    return new FederationException(
        PORT_OFFSET,
        "port %d with the offset %d is not between 1 and 65535. ポート番号が 1 から 65535 を外れます。"
            .formatted(port, offset),
        List.of(),
        null);
  }

  /** One of those above. */
  public String code() {
    return code;
  }

  /** Every fault that was found, in the file's order; empty when the file could not be read. */
  public List<Problem> problems() {
    return problems;
  }
}
