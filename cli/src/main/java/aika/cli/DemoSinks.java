package aika.cli;

import aika.node.config.SinksFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The file of sinks with which a demo starts when there is none. */
final class DemoSinks {
  private static final String HEAD =
      """
      # The stores that follow this node's chains; docs/spec/sinks.md describes every key.
      # このノードのチェーンに続いて書かれる保存先です。
      # ${NAME} is taken from the environment, ${file:PATH} from a file that only its owner may read.
      # ${NAME} は環境変数から、${file:PATH} は所有者だけが読めるファイルから読みます。
      """;

  private static final String MONGO =
      """

      # One for each continent that has its own, a default for all others.
      # 大陸ごとに一つ、ない大陸は default を使います。
      mongo:
        default: { uri: "mongodb://localhost:27017/DATABASE" }
        Asia:    { uri: "mongodb://localhost:10024/DATABASE" }
      """;

  private static final String IMMUDB =
      """

      # immudb as it comes; on a server that others reach, change the password and use tls.
      # 初期設定の immudb です。ほかから届くサーバーではパスワードを変え、tls を使ってください。
      immudb:
        default: { address: "localhost:3322", database: DATABASE, user: immudb, password: immudb }
      """;

  private static final String ANALYTICS =
      """

      # A file in this directory; needs no server. / このフォルダーのファイルです。サーバーは要りません。
      analytics: { duckdb: analytics.duckdb }
      """;

  private DemoSinks() {}

  /**
   * Writes the file for these stores unless there is one.
   *
   * @param database that they use: a store belongs to one federation, and a temporary one must not
   *     meet the data of another
   * @return whether it was written
   */
  static boolean write(Path data, Set<SinkCommand.Kind> kinds, String database) {
    if (Files.exists(data.resolve(SinksFile.NAME))) {
      return false;
    }
    StringBuilder text = new StringBuilder(HEAD);
    for (SinkCommand.Kind kind : kinds) {
      text.append(
          switch (kind) {
            case mongo -> MONGO;
            case immudb -> IMMUDB;
            case analytics -> ANALYTICS;
          });
    }
    SinksFile.write(data, text.toString().replace("DATABASE", database));
    return true;
  }
}
