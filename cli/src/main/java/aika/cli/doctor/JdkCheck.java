package aika.cli.doctor;

import java.util.List;

/** The Java that runs this, which is what a node would run on. */
final class JdkCheck implements Check {
  private static final int FEATURE_MIN = 25;

  private final Runtime.Version version;

  JdkCheck(Runtime.Version version) {
    this.version = version;
  }

  @Override
  public String name() {
    return "jdk";
  }

  @Override
  public Said title() {
    return new Said("Java", "Java");
  }

  @Override
  public List<Result> results() {
    if (version.feature() < FEATURE_MIN) {
      return List.of(
          new Result.Wrong(
              new Said("Java " + version + " is too old.", "Java " + version + " は古すぎます。"),
              Advice.of(
                  "Install a JDK " + FEATURE_MIN + " or newer and set AIKA_JAVA_HOME to it.",
                  "JDK " + FEATURE_MIN + " 以上を入れ、AIKA_JAVA_HOME に場所を設定してください。")));
    }
    return List.of(Result.Ok.of("Java " + version + ".", "Java " + version + " です。"));
  }
}
