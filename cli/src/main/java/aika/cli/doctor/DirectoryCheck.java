package aika.cli.doctor;

import aika.node.config.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The data directory: it is there, the node can write to it, and nobody else can read it. */
final class DirectoryCheck implements Check {
  private final Path directory;

  DirectoryCheck(Path directory) {
    this.directory = directory;
  }

  @Override
  public String name() {
    return "directory";
  }

  @Override
  public Said title() {
    return new Said("Data directory", "データのフォルダー");
  }

  @Override
  public List<Result> results() {
    if (!Files.isDirectory(directory)) {
      return wrong(
          directory + " is no directory.",
          directory + " はフォルダーではありません。",
          Advice.of(
              "Make a federation there, or name the directory that has one.",
              "そこに連合を作るか、連合のあるフォルダーを指定してください。",
              "aika init " + directory));
    }
    if (!Files.isReadable(directory) || !Files.isWritable(directory)) {
      return wrong(
          directory + " cannot be read and written by this user.",
          directory + " をこの利用者は読み書きできません。",
          Advice.of(
              "Run this as the node's user, or give the directory to it.",
              "ノードの利用者で実行するか、フォルダーをその利用者のものにしてください。"));
    }
    try {
      if (DurableFile.openToOthers(directory)) {
        return List.of(
            new Result.Attention(
                new Said(
                    "Others than its owner may look into " + directory + '.',
                    directory + " を所有者以外も見ることができます。"),
                Advice.of("Permit its owner only.", "所有者だけに許可してください。", "chmod 700 " + directory)));
      }
    } catch (IOException unreadable) {
      return wrong(
          directory + " cannot be looked at (" + unreadable + ").",
          directory + " を調べられません。",
          Advice.of("Run this as the node's user.", "ノードの利用者で実行してください。"));
    }
    return List.of(
        Result.Ok.of(directory + ", open to its owner only.", directory + "。所有者だけが使えます。"));
  }

  private static List<Result> wrong(String en, String ja, Advice advice) {
    return List.of(new Result.Wrong(new Said(en, ja), advice));
  }
}
