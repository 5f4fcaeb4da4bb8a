package aika.cli.doctor;

import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** This machine's clock beside those of the neighbours on other machines. */
final class ClockCheck implements Check {
  static final long ATTENTION_MILLIS = 5_000;
  static final long WRONG_MILLIS = 60_000;
  private static final long SECOND_MILLIS = 1_000;

  private final Map<ChainId, Voice> neighbours;
  private final Machine machine;

  ClockCheck(Map<ChainId, Voice> neighbours, Machine machine) {
    this.neighbours = neighbours;
    this.machine = machine;
  }

  @Override
  public String name() {
    return "clock";
  }

  @Override
  public Said title() {
    return new Said("Clock", "時計");
  }

  @Override
  public List<Result> results() {
    SortedMap<String, Long> ahead = new TreeMap<>();
    SortedMap<String, Long> machines = new TreeMap<>(); // several chains of one have one clock
    neighbours.forEach((chain, voice) -> {
      if (voice instanceof Voice.Node node
          && node.ahead().isPresent()
          && !Hosts.isLoopback(String.valueOf(node.gateway().getHost()))) {
        ahead.put(chain.value(), node.ahead().getAsLong());
        machines.putIfAbsent(String.valueOf(node.gateway().getHost()), node.ahead().getAsLong());
      }
    });
    if (ahead.isEmpty()) {
      return List.of(
          Result.Skipped.of(
              "No neighbour on another machine answers, so there is no clock to compare with.",
              "ほかの機械の隣のノードが答えないので、比べる時計がありません。"));
    }
    List<Long> sorted = machines.values().stream().sorted().toList();
    long median = sorted.get(sorted.size() / 2);
    if (Math.abs(median) > ATTENTION_MILLIS) {
      return List.of(off(median, ahead.size(), stops(sorted)));
    }
    List<Result> results = new ArrayList<>();
    results.add(
        Result.Ok.of(
            "Within %d s of %d neighbours."
                .formatted(ATTENTION_MILLIS / SECOND_MILLIS, ahead.size()),
            "隣のノード %d か所との差は %d 秒以内です。".formatted(ahead.size(), ATTENTION_MILLIS / SECOND_MILLIS)));
    List<String> odd =
        ahead.entrySet().stream()
            .filter(one -> Math.abs(one.getValue()) > ATTENTION_MILLIS)
            .map(one -> "%s %+d s".formatted(one.getKey(), one.getValue() / SECOND_MILLIS))
            .toList();
    if (!odd.isEmpty()) {
      results.add(
          new Result.Attention(
              new Said(
                  "Neighbours whose clocks are off: " + Names.few(odd) + '.',
                  "時計のずれた隣のノードがあります：" + Names.few(odd) + "。"),
              Advice.of("Tell their operators.", "その運用者に知らせてください。")));
    }
    return results;
  }

  /**
   * Whether a node orders nothing by this clock: it compares with the middle of all clocks, this
   * one's among them, and with the nearer of two. With one other nobody can tell whose is wrong
   * [SEAL-35].
   */
  private static boolean stops(List<Long> machines) {
    List<Long> all = Stream.concat(Stream.of(0L), machines.stream()).sorted().toList();
    long low = all.get((all.size() - 1) / 2);
    long high = all.get(all.size() / 2);
    return machines.size() > 1 && Math.min(Math.abs(low), Math.abs(high)) > ATTENTION_MILLIS;
  }

  /**
   * @param ahead how far the neighbours are ahead of us
   * @param stops whether a node orders nothing like this
   */
  private Result off(long ahead, int count, boolean stops) {
    long seconds = Math.abs(ahead) / SECOND_MILLIS;
    Said found =
        ahead > 0
            ? new Said(
                "This clock is %d s behind the neighbours' (%d compared)."
                    .formatted(seconds, count),
                "この機械の時計は隣のノードより %d 秒遅れています（%d か所と比較）。".formatted(seconds, count))
            : new Said(
                "This clock is %d s ahead of the neighbours' (%d compared)."
                    .formatted(seconds, count),
                "この機械の時計は隣のノードより %d 秒進んでいます（%d か所と比較）。".formatted(seconds, count));
    Advice advice =
        Advice.of(
            "Let the system keep the time by NTP.",
            "時刻を NTP で合わせてください。",
            switch (machine.kind()) {
              case LINUX -> "sudo timedatectl set-ntp true";
              case MAC -> "sudo sntp -sS time.apple.com";
              case WINDOWS -> "w32tm /resync";
              case OTHER -> "date -u";
            });
    if (stops) {
      found =
          new Said(
              found.en() + " A node orders nothing like this.",
              found.ja() + "このままではノードは何も受け付けません。");
    }
    return stops || Math.abs(ahead) > WRONG_MILLIS
        ? new Result.Wrong(found, advice)
        : new Result.Attention(found, advice);
  }
}
