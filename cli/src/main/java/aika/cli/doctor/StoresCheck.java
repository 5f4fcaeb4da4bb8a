package aika.cli.doctor;

import aika.node.config.Federation;
import aika.node.config.FederationException;
import aika.node.config.SinksFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The servers of the operator's stores can be reached; nobody logs in, no secret is shown. */
final class StoresCheck implements Check {
  private static final long SECONDS_MAX = 5;

  private final List<Path> homes;
  private final Federation federation;
  private final Function<String, @Nullable String> environment;
  private final Reach reach;

  StoresCheck(
      List<Path> homes,
      Federation federation,
      Function<String, @Nullable String> environment,
      Reach reach) {
    this.homes = homes;
    this.federation = federation;
    this.environment = environment;
    this.reach = reach;
  }

  @Override
  public String name() {
    return "stores";
  }

  @Override
  public Said title() {
    return new Said("Stores", "保存先");
  }

  @Override
  public List<Result> results() {
    List<Result> results = new ArrayList<>();
    List<StoreAddress> stores = new ArrayList<>();
    for (Path home : homes) {
      try {
        stores.addAll(StoreAddress.of(SinksFile.read(home, federation, environment)));
      } catch (FederationException fault) {
        results.add(
            new Result.Wrong(
                Said.both(String.valueOf(fault.getMessage())),
                Advice.of(
                    "Correct "
                        + home.resolve(SinksFile.NAME)
                        + ", and run this with the node's environment variables.",
                    home.resolve(SinksFile.NAME) + " を直し、ノードと同じ環境変数で実行してください。")));
      }
    }
    if (stores.isEmpty() && results.isEmpty()) {
      return List.of(
          Result.Skipped.of(
              "No server is named in " + SinksFile.NAME + '.',
              SinksFile.NAME + " にサーバーの指定はありません。"));
    }
    results.addAll(asked(stores));
    return results;
  }

  private List<Result> asked(List<StoreAddress> stores) {
    List<Result> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Result>> tasks = new ArrayList<>();
      stores.forEach(one -> tasks.add(() -> of(one)));
      List<Future<Result>> answers = threads.invokeAll(tasks, SECONDS_MAX, TimeUnit.SECONDS);
      for (int i = 0; i < answers.size(); i++) {
        results.add(answer(answers.get(i), stores.get(i)));
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    return results;
  }

  private static Result answer(Future<Result> answer, StoreAddress store)
      throws InterruptedException {
    try {
      return answer.get();
    } catch (CancellationException | ExecutionException late) {
      return away(store);
    }
  }

  private Result of(StoreAddress store) {
    if (store.port() == 0) {
      return Result.Skipped.of(
          store.name() + ": only its own client finds its servers.",
          store.name() + "：場所は専用の仕組みで決まるので調べていません。");
    }
    if (!reach.listens(store.host(), store.port())) {
      return away(store);
    }
    return Result.Ok.of(where(store) + " answers.", where(store) + " に届きます。");
  }

  private static Result away(StoreAddress store) {
    return new Result.Attention(
        new Said(where(store) + " cannot be reached.", where(store) + " に届きません。"),
        Advice.of(
            "Start it, or correct its address. The node works without it and catches up later.",
            "起動するか、アドレスを直してください。なくてもノードは動き、あとで追いつきます。"));
  }

  private static String where(StoreAddress store) {
    return store.name() + " (" + store.host() + ':' + store.port() + ")";
  }
}
